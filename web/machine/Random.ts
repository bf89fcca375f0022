// SPDX-License-Identifier: MIT
/** Marsaglia's 32-bit xorshift: all the chance a guest may have. Not for secrets. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0 || 1; // zero would stay zero
  }

  /** What a new Random must be seeded with to go on from here. */
  get state(): number {
    return this.#state;
  }

  nextInt32(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return x | 0;
  }

  nextFraction(): number {
    return (this.nextInt32() >>> 0) / 2 ** 32;
  }
}
