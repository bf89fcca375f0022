// SPDX-License-Identifier: MIT
// Every item that was queued, in columns: a number per item, in the order of queueing.

import { doubles, NONE, words32 } from "./Column.ts";

export interface Item {
  readonly number: number;
  readonly id: number;
  /** Ordinal of its link. */
  readonly link: number;
  /** Row of the queue or post event. */
  readonly born: number;
  /** Row of the read, drop or release that ended its wait, or null while it waits. */
  readonly gone: number | null;
  /** Row of the enter event whose handler queued it, or null: an asynchronous item. */
  readonly cause: number | null;
  /** The row of the picture that it occupies while it waits. */
  readonly slot: number;
  /** It was posted ahead of items that already waited. */
  readonly ahead: boolean;
}

/** What readers of the items see. Rows that are not there are NONE. */
export type ItemFields = Pick<Items, "length" | "at" | "born" | "gone" | "link" | "slot">;

export class Items {
  readonly #id = doubles();
  readonly #link = words32();
  readonly #born = words32();
  readonly #gone = words32();
  readonly #cause = words32();
  readonly #slot = words32();
  readonly #ahead = words32();
  /** Row of its latest event. */
  readonly #last = words32();

  get length(): number {
    return this.#id.length;
  }

  push(id: number, link: number, born: number, cause: number | null, slot: number, ahead: boolean): number {
    this.#id.push(id);
    this.#link.push(link);
    this.#born.push(born);
    this.#gone.push(NONE);
    this.#cause.push(cause ?? NONE);
    this.#slot.push(slot);
    this.#ahead.push(ahead ? 1 : 0);
    this.#last.push(born);
    return this.length - 1;
  }

  end(number: number, row: number): void {
    this.#gone.set(number, row);
  }

  /** Takes note of an event of the item and gives the row of the one before. */
  seen(number: number, row: number): number {
    const before = this.#last.at(number);
    this.#last.set(number, row);
    return before;
  }

  /** Ordinal of its link. */
  link(number: number): number {
    return this.#link.at(number);
  }

  born(number: number): number {
    return this.#born.at(number);
  }

  gone(number: number): number {
    return this.#gone.at(number);
  }

  slot(number: number): number {
    return this.#slot.at(number);
  }

  get byteLength(): number {
    const columns = [this.#id, this.#link, this.#born, this.#gone, this.#cause, this.#slot, this.#last];
    return columns.reduce((sum, { byteLength }) => sum + byteLength, this.#ahead.byteLength);
  }

  at(number: number): Item {
    return {
      number,
      id: this.#id.at(number),
      link: this.#link.at(number),
      born: this.#born.at(number),
      gone: orNull(this.#gone.at(number)),
      cause: orNull(this.#cause.at(number)),
      slot: this.#slot.at(number),
      ahead: this.#ahead.at(number) === 1,
    };
  }
}

export function orNull(row: number): number | null {
  return row === NONE ? null : row;
}
