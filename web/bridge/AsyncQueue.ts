// SPDX-License-Identifier: MIT

interface Waiting<T> {
  readonly resolve: (value: T | undefined) => void;
  readonly reject: (reason: unknown) => void;
}

/** Values that come when they come, for one who takes them in order. What came before the end is still given. */
export class AsyncQueue<T> {
  readonly #values: T[] = [];
  readonly #waiting: Waiting<T>[] = [];
  #ended = false;
  #error: unknown;

  push(value: T): void {
    if (this.#ended) return;
    const first = this.#waiting.shift();
    if (first) first.resolve(value);
    else this.#values.push(value);
  }

  /** No more values; with `error`, whoever comes for one gets it. */
  end(error?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    for (const one of this.#waiting.splice(0)) this.#finish(one);
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** The next value; undefined: there is none any more. */
  next(): Promise<T | undefined> {
    const value = this.#values.shift();
    if (value !== undefined) return Promise.resolve(value);
    return new Promise((resolve, reject) => {
      if (this.#ended) this.#finish({ resolve, reject });
      else this.#waiting.push({ resolve, reject });
    });
  }

  /** Forgets what waits, and gives it. */
  clear(): T[] {
    return this.#values.splice(0);
  }

  #finish(waiting: Waiting<T>): void {
    if (this.#error === undefined) waiting.resolve(undefined);
    else waiting.reject(this.#error);
  }
}
