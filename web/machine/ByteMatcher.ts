// SPDX-License-Identifier: MIT
/** Finds a text in bytes that come one at a time (Knuth, Morris and Pratt). */
export class ByteMatcher {
  readonly #text: Uint8Array;
  /** For each prefix that matched, the length of the longest shorter prefix that it also ends with. */
  readonly #fallback: number[] = [0];
  #matched = 0;

  constructor(text: string) {
    this.#text = new TextEncoder().encode(text);
    if (this.#text.length === 0) throw new Error("nothing to look for: the text is empty");
    for (let i = 1, k = 0; i < this.#text.length; i++) {
      k = this.#step(k, this.#text[i]);
      this.#fallback.push(k);
    }
  }

  /** True when the text ends with this byte. */
  push(byte: number): boolean {
    this.#matched = this.#step(this.#matched, byte);
    if (this.#matched < this.#text.length) return false;
    this.#matched = this.#fallback[this.#matched - 1] ?? 0;
    return true;
  }

  #step(matched: number, byte: number | undefined): number {
    let length = matched;
    while (length > 0 && this.#text[length] !== byte) length = this.#fallback[length - 1] ?? 0;
    return this.#text[length] === byte ? length + 1 : length;
  }
}
