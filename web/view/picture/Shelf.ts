// SPDX-License-Identifier: MIT
// Places things that last from one event to another: each as high as is free for all of its time.

interface Taken {
  readonly top: number;
  readonly bottom: number;
  readonly last: number;
}

export class Shelf {
  #taken: readonly Taken[];
  #height: number;

  constructor(taken: readonly Taken[] = [], height = 0) {
    this.#taken = taken;
    this.#height = height;
  }

  get height(): number {
    return this.#height;
  }

  /** As it is now; placing more on one does not touch the other. */
  copy(): Shelf {
    return new Shelf(this.#taken, this.#height);
  }

  /** The top of its place. To be called in the order of `first`. */
  place(first: number, last: number, height: number): number {
    const taken = this.#taken.filter((one) => one.last >= first);
    const top = firstGap(taken, height);
    this.#taken = [...taken, { top, bottom: top + height, last }].sort((a, b) => a.top - b.top);
    this.#height = Math.max(this.#height, top + height);
    return top;
  }
}

/** `taken` from top to bottom. */
function firstGap(taken: readonly Taken[], height: number): number {
  let top = 0;
  for (const one of taken) {
    if (one.top - top >= height) break;
    top = Math.max(top, one.bottom);
  }
  return top;
}
