// SPDX-License-Identifier: MIT
// Growable typed arrays. A column of a million numbers is one block of memory, not a million objects.

type Numbers = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

/** Stands for "no such row" in columns of row numbers. */
export const NONE = 0xffff_ffff;

const FIRST_ROOM = 64;

export class Column<T extends Numbers = Numbers> {
  #data: T;
  #length = 0;
  readonly #make: (room: number) => T;

  constructor(make: (room: number) => T) {
    this.#make = make;
    this.#data = make(FIRST_ROOM);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#data.length) this.#grow(this.#length + 1);
    this.#data[this.#length++] = value;
  }

  at(row: number): number {
    const value = row < this.#length ? this.#data[row] : undefined;
    if (value === undefined) throw new RangeError(`row ${row} of a column with ${this.#length} rows`);
    return value;
  }

  set(row: number, value: number): void {
    if (row >= this.#length) throw new RangeError(`row ${row} of a column with ${this.#length} rows`);
    this.#data[row] = value;
  }

  /** The first row whose value is not below `value`; the rows must ascend. */
  lowerBound(value: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#data[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #grow(needed: number): void {
    const bigger = this.#make(Math.max(needed, this.#data.length * 2));
    bigger.set(this.#data);
    this.#data = bigger;
  }
}

export const bytes8 = () => new Column((room) => new Uint8Array(room));
export const words16 = () => new Column((room) => new Uint16Array(room));
export const words32 = () => new Column((room) => new Uint32Array(room));
export const signed32 = () => new Column((room) => new Int32Array(room));
export const doubles = () => new Column((room) => new Float64Array(room));
