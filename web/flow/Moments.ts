// SPDX-License-Identifier: MIT
// Who lives and what waits after some row: the part of the model that changes back and forth. It is carried along
// as events come and put aside every thousand rows, so that any earlier moment is a short way off.

import { words32 } from "./Column.ts";
import type { Flow } from "./Flow.ts";
import type { Link, Process } from "./Lives.ts";

/**
 * Rows between two states put aside: less than 0.1 ms of following, and a thousand small states for a million events.
 * A state of more numbers than this is followed by as many rows, so that states never take more than four bytes an event.
 */
const APART = 1024;
/** DDLINK_EVF_TEXT of the uapi header. */
const EVF_TEXT = 0x0001;

/** What is the case right after one event. */
export interface Moment {
  readonly row: number;
  readonly processes: readonly Process[];
  readonly links: readonly LinkMoment[];
}

export interface LinkMoment {
  readonly link: Link;
  /** Numbers of its items in the order in which they will be read. */
  readonly waiting: readonly number[];
}

/** How many processes and which, then of each link its ordinal, how many items wait and which. */
type Aside = Uint32Array;

/** Ordinals of processes and links, numbers of items. */
class Living {
  readonly processes: Set<number>;
  readonly links = new Map<number, Set<number>>();
  /** Processes and links that have been born, dead ones included. */
  #born: { processes: number; links: number };

  constructor(aside: Aside, born: { processes: number; links: number }) {
    let at = 1 + (aside[0] ?? 0);
    this.processes = new Set(aside.subarray(1, at));
    while (at < aside.length) {
      const [link = 0, items = 0] = aside.subarray(at, at + 2);
      this.links.set(link, new Set(aside.subarray(at + 2, at + 2 + items)));
      at += 2 + items;
    }
    this.#born = { ...born };
  }

  get born(): { readonly processes: number; readonly links: number } {
    return this.#born;
  }

  aside(): Aside {
    const numbers = [this.processes.size, ...this.processes];
    for (const [link, items] of this.links) {
      numbers.push(link, items.size);
      for (const item of items) numbers.push(item);
    }
    return Uint32Array.from(numbers);
  }

  clear(): void {
    this.processes.clear();
    this.links.clear();
  }

  /** Follows the model over one row, which it must know already. */
  follow(flow: Flow, row: number): void {
    this.#births(flow, row);
    this.#item(flow, row);
    const type = flow.type(row);
    if (type === "exit") this.#exit(flow.processOf(row), row);
    if (type === "release") this.#release(flow.linkOf(row), row);
  }

  #births({ processes, links }: Flow, row: number): void {
    const born = this.#born;
    for (let one = processes[born.processes]; one && one.first <= row; one = processes[++born.processes])
      this.processes.add(one.ordinal);
    for (let one = links[born.links]; one && one.first <= row; one = links[++born.links])
      this.links.set(one.ordinal, new Set());
  }

  #item(flow: Flow, row: number): void {
    const number = flow.itemNumberOf(row);
    if (number === null) return;
    const { items } = flow;
    const waiting = this.links.get(items.link(number));
    if (items.born(number) === row) waiting?.add(number);
    if (items.gone(number) === row) waiting?.delete(number);
  }

  #exit(process: Process | null, row: number): void {
    if (process?.exit === row) this.processes.delete(process.ordinal);
  }

  #release(link: Link | null, row: number): void {
    if (link?.release === row) this.links.delete(link.ordinal);
  }
}

const NOBODY: Aside = new Uint32Array();

export class Moments {
  readonly #flow: Flow;
  readonly #now = new Living(NOBODY, { processes: 0, links: 0 });
  /** The states before some rows, and these rows. */
  readonly #asides: { readonly state: Aside; readonly born: Living["born"] }[] = [];
  readonly #before = words32();
  #next = 0;

  constructor(flow: Flow) {
    this.#flow = flow;
  }

  /** Memory of the states put aside. */
  get byteLength(): number {
    return this.#asides.reduce((sum, { state }) => sum + state.byteLength, this.#before.byteLength);
  }

  /** Takes the row in, which the flow has just learned of. */
  push(row: number): void {
    if (row >= this.#next) this.#putAside(row);
    this.#now.follow(this.#flow, row);
  }

  #putAside(row: number): void {
    const state = this.#now.aside();
    this.#asides.push({ state, born: { ...this.#now.born } });
    this.#before.push(row);
    this.#next = row + Math.max(APART, state.length);
  }

  cut(): void {
    this.#now.clear();
  }

  at(row: number): Moment {
    const index = this.#before.lowerBound(row + 1) - 1;
    const aside = row < this.#flow.length ? this.#asides[index] : undefined;
    if (!aside) throw new RangeError(`there is no event ${row} among ${this.#flow.length}`);
    const living = new Living(aside.state, aside.born);
    this.#follow(living, this.#before.at(index), row);
    return this.#moment(living, row);
  }

  #follow(living: Living, from: number, to: number): void {
    for (let row = from; row <= to; row++) {
      if (this.#flow.cuts.has(row)) living.clear();
      living.follow(this.#flow, row);
    }
  }

  #moment({ processes, links }: Living, row: number): Moment {
    const flow = this.#flow;
    return {
      row,
      processes: Array.from(processes, (ordinal) => flow.processes[ordinal]).filter(isThere),
      links: Array.from(links, ([ordinal, items]) => {
        const link = flow.links[ordinal];
        return link && { link, waiting: inOrder(flow, [...items]) };
      }).filter(isThere),
    };
  }
}

function isThere<T>(one: T | undefined): one is T {
  return one !== undefined;
}

/** An error text is read first, then what was posted, then what was queued; each in its order. */
function inOrder(flow: Flow, items: number[]): number[] {
  const rank = (number: number) => {
    const born = flow.items.born(number);
    if (flow.type(born) === "queue") return 2;
    return flow.log.flags(born) & EVF_TEXT ? 0 : 1;
  };
  const ranks = new Map(items.map((number) => [number, rank(number)]));
  return items.sort((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0) || a - b);
}
