// SPDX-License-Identifier: MIT
// The largest of any stretch of a link's depths without looking at each: the largest of every 64 is kept.

import { type Column, words32 } from "./Column.ts";

const BLOCK_BITS = 6;
const BLOCK = 1 << BLOCK_BITS;

export class Peaks {
  readonly #blocks: Column = words32();
  #length = 0;

  push(value: number): void {
    const block = this.#length++ >>> BLOCK_BITS;
    if (block === this.#blocks.length) this.#blocks.push(value);
    else if (value > this.#blocks.at(block)) this.#blocks.set(block, value);
  }

  /** The largest from index `from` up to, not including, `to`; `at` gives single values. */
  max(from: number, to: number, at: (index: number) => number): number {
    let most = 0;
    for (let index = from; index < to; ) {
      const whole = (index & (BLOCK - 1)) === 0 && index + BLOCK <= to;
      most = Math.max(most, whole ? this.#blocks.at(index >>> BLOCK_BITS) : at(index));
      index += whole ? BLOCK : 1;
    }
    return most;
  }
}
