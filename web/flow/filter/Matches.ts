// SPDX-License-Identifier: MIT
// Which rows of a flow a filter lets through: asked once per row, as the rows come.

import { bytes8, type Rows } from "../Column.ts";
import type { Flow } from "../Flow.ts";
import { compileFilter, type RowPredicate } from "./compile.ts";
import { factsOf } from "./Facts.ts";
import type { Filter } from "./Filter.ts";

export class Matches {
  readonly #flow: Flow;
  readonly #holds: RowPredicate;
  readonly #rows = bytes8();
  readonly #counted = new WeakMap<Rows, { rows: number; count: number }>();
  #count = 0;

  constructor(flow: Flow, filter: Filter) {
    this.#flow = flow;
    this.#holds = compileFilter(filter, factsOf(flow));
    this.update();
  }

  /** Takes in the rows that the flow has gained. */
  update(): void {
    for (let row = this.#rows.length; row < this.#flow.length; row++) {
      const holds = this.#holds(row);
      this.#rows.push(holds ? 1 : 0);
      if (holds) this.#count++;
    }
  }

  /** Rows that match, of the whole flow. */
  get count(): number {
    return this.#count;
  }

  /** Matches among some rows, which ascend and are only ever added to; each is looked at once. */
  countIn(rows: Rows): number {
    const known = this.#counted.get(rows) ?? { rows: 0, count: 0 };
    for (; known.rows < rows.length && rows.at(known.rows) < this.#rows.length; known.rows++)
      if (this.has(rows.at(known.rows))) known.count++;
    this.#counted.set(rows, known);
    return known.count;
  }

  has(row: number): boolean {
    return row < this.#rows.length && this.#rows.at(row) === 1;
  }

  /** The nearest match behind (or, with -1, before) a row, around the end; null when there is none. */
  next(row: number | null, by: 1 | -1): number | null {
    const length = this.#rows.length;
    if (this.#count === 0) return null;
    const start = row ?? (by > 0 ? -1 : length);
    for (let step = 1; step <= length; step++) {
      const at = (((start + by * step) % length) + length) % length;
      if (this.has(at)) return at;
    }
    return null;
  }
}
