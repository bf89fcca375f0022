// SPDX-License-Identifier: MIT
// The items that wait on one link, and the rows of the picture that they occupy.

import type { Item } from "./Items.ts";

export class Waiting {
  /** Item number by item id. */
  readonly #numbers = new Map<number, number>();
  readonly #queued = new Set<number>();
  readonly #slots: boolean[] = [];

  /** Does an item wait that was queued, not posted? A post then goes ahead of it. */
  get hasQueued(): boolean {
    return this.#queued.size > 0;
  }

  find(id: number): number | undefined {
    return this.#numbers.get(id);
  }

  all(): Iterable<number> {
    return this.#numbers.values();
  }

  /** The lowest free row, so that a short queue stays flat. */
  takeSlot(): number {
    const free = this.#slots.indexOf(false);
    const slot = free < 0 ? this.#slots.length : free;
    this.#slots[slot] = true;
    return slot;
  }

  add(id: number, number: number, queued: boolean): void {
    this.#numbers.set(id, number);
    if (queued) this.#queued.add(number);
  }

  remove(item: Item): void {
    this.#numbers.delete(item.id);
    this.#queued.delete(item.number);
    this.#slots[item.slot] = false;
  }
}
