// SPDX-License-Identifier: MIT
// All payloads behind one another, in blocks, so that growing copies nothing. What the same bytes as the last
// payload are (a message, and the item that the handler made of it) is kept once.

const BLOCK_BITS = 18;
const BLOCK_BYTES = 1 << BLOCK_BITS;
const BLOCK_MASK = BLOCK_BYTES - 1;
/** Places are kept in 32 bits. */
const BLOCKS_MAX = 2 ** 32 / BLOCK_BYTES;

export class Arena {
  readonly #blocks: Uint8Array[] = [];
  #used = BLOCK_BYTES;
  #last = 0;
  #lastLength = 0;

  get byteLength(): number {
    return this.#blocks.length * BLOCK_BYTES;
  }

  /** The place from where `view` gives it back. No payload is longer than a block. */
  append(bytes: Uint8Array): number {
    if (bytes.length === 0 || this.#isLast(bytes)) return this.#last;
    if (this.#used + bytes.length > BLOCK_BYTES) this.#open();
    const block = this.#blocks.length - 1;
    this.#blocks[block]?.set(bytes, this.#used);
    this.#last = block * BLOCK_BYTES + this.#used;
    this.#lastLength = bytes.length;
    this.#used += bytes.length;
    return this.#last;
  }

  view(at: number, length: number): Uint8Array {
    const block = this.#blocks[at >>> BLOCK_BITS] ?? EMPTY;
    return block.subarray(at & BLOCK_MASK, (at & BLOCK_MASK) + length);
  }

  #open(): void {
    if (this.#blocks.length === BLOCKS_MAX)
      throw new RangeError("4 GiB of payload are kept: open a smaller log");
    this.#blocks.push(new Uint8Array(BLOCK_BYTES));
    this.#used = 0;
  }

  /** Makes no view: it is asked for each event. */
  #isLast(bytes: Uint8Array): boolean {
    if (bytes.length !== this.#lastLength) return false;
    const block = this.#blocks[this.#last >>> BLOCK_BITS] ?? EMPTY;
    const from = this.#last & BLOCK_MASK;
    for (let at = 0; at < bytes.length; at++) if (block[from + at] !== bytes[at]) return false;
    return true;
  }
}

const EMPTY = new Uint8Array();
