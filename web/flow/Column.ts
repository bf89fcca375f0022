// SPDX-License-Identifier: MIT
// Growable typed arrays. A column of a million numbers is some pages of memory, not a million objects; and it
// grows by a page, never by copying all it has: a live picture would miss a frame.

type Numbers = Uint8Array | Uint32Array | Float64Array;

/** Stands for "no such row" in columns of row numbers. */
export const NONE = 0xffff_ffff;

const PAGE_BITS = 14;
const PAGE_ROWS = 1 << PAGE_BITS;
const PAGE_MASK = PAGE_ROWS - 1;
/** Most columns are those of a link or a process with a handful of events: a first page starts small. */
const FIRST_ROOM = 8;

/** A column that others may look at, but not change. */
export interface Rows {
  readonly length: number;
  at(row: number): number;
  /** The first row whose value is not below `value`; the values must ascend. */
  lowerBound(value: number): number;
}

export class Column<T extends Numbers = Numbers> implements Rows {
  /** All pages but the first have PAGE_ROWS rows; the first, too, once there is a second. */
  readonly #pages: T[];
  #length = 0;
  #room = FIRST_ROOM;
  readonly #make: (room: number) => T;

  constructor(make: (room: number) => T) {
    this.#make = make;
    this.#pages = [make(FIRST_ROOM)];
  }

  get length(): number {
    return this.#length;
  }

  /** Memory that it holds. */
  get byteLength(): number {
    return this.#pages.reduce((sum, page) => sum + page.byteLength, 0);
  }

  push(value: number): void {
    if (this.#length === this.#room) this.#grow();
    const row = this.#length++;
    const page = this.#pages[row >>> PAGE_BITS];
    if (page) page[row & PAGE_MASK] = value;
  }

  at(row: number): number {
    const value = row < this.#length ? this.#pages[row >>> PAGE_BITS]?.[row & PAGE_MASK] : undefined;
    if (value === undefined) throw new RangeError(`row ${row} of a column with ${this.#length} rows`);
    return value;
  }

  set(row: number, value: number): void {
    const page = row < this.#length ? this.#pages[row >>> PAGE_BITS] : undefined;
    if (page === undefined) throw new RangeError(`row ${row} of a column with ${this.#length} rows`);
    page[row & PAGE_MASK] = value;
  }

  lowerBound(value: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#pages[middle >>> PAGE_BITS]?.[middle & PAGE_MASK] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #grow(): void {
    if (this.#room >= PAGE_ROWS) this.#pages.push(this.#make(PAGE_ROWS));
    else this.#pages[0] = this.#doubled();
    this.#room = this.#room < PAGE_ROWS ? this.#room * 2 : this.#room + PAGE_ROWS;
  }

  #doubled(): T {
    const bigger = this.#make(this.#room * 2);
    if (this.#pages[0]) bigger.set(this.#pages[0]);
    return bigger;
  }
}

export const bytes8 = () => new Column((room) => new Uint8Array(room));
export const words32 = () => new Column((room) => new Uint32Array(room));
export const doubles = () => new Column((room) => new Float64Array(room));
