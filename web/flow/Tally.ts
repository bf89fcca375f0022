// SPDX-License-Identifier: MIT
// How often what happened in a run, counted as the events come.

import type { KernelEvent } from "../bridge/KernelEvent.ts";
import type { Outcome } from "./Meaning.ts";

export class Tally {
  #written = 0;
  #read = 0;
  readonly #outcomes = new Map<Outcome, number>();

  /** Messages that went in whole. */
  get written(): number {
    return this.#written;
  }

  /** Items that came out. */
  get read(): number {
    return this.#read;
  }

  of(outcome: Outcome): number {
    return this.#outcomes.get(outcome) ?? 0;
  }

  add(type: KernelEvent["type"], outcome: Outcome): void {
    if (type === "write" && outcome === "ok") this.#written++;
    if (type === "read" && outcome === "ok") this.#read++;
    this.#outcomes.set(outcome, this.of(outcome) + 1);
  }
}
