// SPDX-License-Identifier: MIT
// Which events are two ends of one system call.
//
// A write is an `enter` (before the handler runs) and a `write` (what it returned), by one task on one
// link. A poll that blocked is a `poll` that answered without IN, then, as the next thing the same task
// did, another `poll` of the same link; a `wake` of the link between them is what ended the wait.

import type { KernelEvent } from "../bridge/KernelEvent.ts";
import { NONE, words32 } from "./Column.ts";

/** poll(2) bits. */
export const POLLIN = 0x0001;
export const POLLOUT = 0x0004;
export const POLLERR = 0x0008;
export const POLLHUP = 0x0010;

interface Wait {
  readonly row: number;
  readonly link: number;
  wake: number;
}

export class Calls {
  readonly #partner = words32();
  readonly #wake = words32();
  /** Row of the enter whose write has not returned, by task; a handler may not enter twice. */
  readonly #entered = new Map<number, { row: number; link: number }>();
  readonly #waits = new Map<number, Wait>();

  get byteLength(): number {
    return this.#partner.byteLength + this.#wake.byteLength;
  }

  partner(row: number): number {
    return this.#partner.at(row);
  }

  wake(row: number): number {
    return this.#wake.at(row);
  }

  /** The enter during which this event happens: same task, same link. */
  openEnter(event: KernelEvent): number | null {
    const entered = this.#entered.get(event.pid);
    return entered?.link === event.link ? entered.row : null;
  }

  push(event: KernelEvent, row: number): void {
    this.#partner.push(NONE);
    this.#wake.push(NONE);
    if (event.type === "wake") this.#woken(event, row);
    else if (event.pid !== 0) this.#called(event, row);
  }

  cut(): void {
    this.#entered.clear();
    this.#waits.clear();
  }

  #woken(event: KernelEvent, row: number): void {
    for (const wait of this.#waits.values()) {
      if (wait.link === event.link && wait.wake === NONE) wait.wake = row;
    }
  }

  #called(event: KernelEvent, row: number): void {
    const wait = this.#waits.get(event.pid);
    this.#waits.delete(event.pid);
    if (event.type === "poll") this.#poll(event, row, wait);
    if (event.type === "enter") this.#entered.set(event.pid, { row, link: event.link });
    if (event.type === "write") {
      const start = this.openEnter(event);
      this.#entered.delete(event.pid);
      if (start !== null) this.#pair(start, row);
    }
  }

  #poll(event: KernelEvent, row: number, before: Wait | undefined): void {
    if (before?.link === event.link) {
      this.#pair(before.row, row);
      this.#wake.set(before.row, before.wake);
      this.#wake.set(row, before.wake);
    }
    const answered = (event.value & (POLLIN | POLLHUP | POLLERR)) !== 0;
    if (!answered) this.#waits.set(event.pid, { row, link: event.link, wake: NONE });
  }

  #pair(start: number, end: number): void {
    this.#partner.set(start, end);
    this.#partner.set(end, start);
  }
}
