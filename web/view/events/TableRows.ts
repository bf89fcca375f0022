// SPDX-License-Identifier: MIT
// Which events the table has, and in which order. A million of them are one column; those of a filter are collected as
// they come; another order is made when it is asked for.

import { type Column, type Rows, words32 } from "../../flow/Column.ts";
import type { Flow } from "../../flow/Flow.ts";
import type { Run } from "../../flow/Lives.ts";
import type { RowSet } from "../picture/shapes.ts";

export type SortKey = "event" | "process" | "what" | "link" | "item" | "bytes" | "result" | "queue";

export interface Order {
  readonly by: SortKey;
  readonly descending: boolean;
}

export const AS_IT_CAME: Order = { by: "event", descending: false };

type Value = number | string;

export class TableRows {
  readonly #flow: Flow;
  readonly #run: Run;
  readonly #matching: RowSet | null;
  readonly #order: Order;
  readonly #matched: Column = words32();
  #looked = 0;
  #sorted: Uint32Array | null = null;

  constructor(flow: Flow, run: Run, matching: RowSet | null, order: Order) {
    this.#flow = flow;
    this.#run = run;
    this.#matching = matching;
    this.#order = order;
    this.update();
    if (order.by !== AS_IT_CAME.by) this.#sorted = this.#inOrder();
  }

  /** Is it the same question? Then it need only be updated. */
  answers(flow: Flow, run: Run, matching: RowSet | null, order: Order): boolean {
    const same = this.#flow === flow && this.#run === run && this.#matching === matching;
    return same && this.#order === order;
  }

  /** Takes in what has come; in another order than that of time it stands behind, until that order is asked for again. */
  update(): void {
    const { events } = this.#run;
    if (!this.#matching) return;
    for (; this.#looked < events.length; this.#looked++) {
      const row = events.at(this.#looked);
      if (this.#matching.has(row)) this.#matched.push(row);
    }
  }

  get length(): number {
    return this.#all.length;
  }

  at(index: number): number {
    const { descending } = this.#order;
    if (this.#sorted && index < this.#sorted.length) return this.#sorted[index] ?? 0;
    return this.#all.at(descending && !this.#sorted ? this.length - 1 - index : index);
  }

  /** Where the event stands; null when it is not among them. */
  indexOf(row: number): number | null {
    if (this.#sorted) {
      const index = this.#sorted.indexOf(row);
      return index < 0 ? null : index;
    }
    const index = this.#all.lowerBound(row);
    if (index >= this.length || this.#all.at(index) !== row) return null;
    return this.#order.descending ? this.length - 1 - index : index;
  }

  get #all(): Rows {
    return this.#matching ? this.#matched : this.#run.events;
  }

  #inOrder(): Uint32Array {
    const rows = Uint32Array.from({ length: this.length }, (_, index) => this.#all.at(index));
    const values = new Map(Array.from(rows, (row): [number, Value] => [row, this.#value(row)]));
    const sign = this.#order.descending ? -1 : 1;
    return rows.sort((a, b) => sign * compared(values.get(a) ?? 0, values.get(b) ?? 0) || a - b);
  }

  #value(row: number): Value {
    const { log } = this.#flow;
    switch (this.#order.by) {
      case "event":
        return row;
      case "process":
        return `${log.comm(row)} ${String(log.pid(row)).padStart(10)}`;
      case "what":
        return log.type(row);
      case "link":
        return log.link(row);
      case "item":
        return log.item(row);
      case "bytes":
        return log.len(row);
      case "result":
        return log.result(row);
      case "queue":
        return log.items(row);
    }
  }
}

function compared(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
