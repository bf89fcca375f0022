// SPDX-License-Identifier: MIT
// A saved log turned on its side, for where each byte counts: a column for each field, what ascends as differences.
// Compressed it is a quarter of the log's lines. Not a format for files: it is read as a whole.

import * as v from "valibot";
import { CUT, EVENTS_MAX, type Fields } from "./format.ts";

/** seq, timeNs, link, item, pid and tgid, in the order of EventSchema: each is near to the one before. */
const ASCENDING = [2, 3, 4, 5, 11, 12];

const ColumnsSchema = v.strictObject({
  header: v.unknown(),
  /** Indices of the events before which the monitor began anew. */
  cuts: v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(EVENTS_MAX))),
  columns: v.array(v.array(v.union([v.string(), v.pipe(v.number(), v.finite())]))),
});

type Cell = string | number;

/** `log`: what writeLog gives. */
export function toColumns(log: string): string {
  const [header, ...entries]: [unknown, ...(Fields | typeof CUT)[]] = JSON.parse(log);
  const rows = entries.filter((entry) => entry !== CUT);
  const places = entries.flatMap((entry, at) => (entry === CUT ? [at] : []));
  const cuts = places.map((at, before) => at - before);
  const columns = (rows[0] ?? []).map((_, field) => rows.map((row) => row[field] ?? 0));
  return JSON.stringify({ header, cuts, columns: columns.map(differences) });
}

/** A log again, which is still to be checked as any other; throws when these are no columns. */
export function fromColumns(text: string): string {
  const { header, cuts, columns } = v.parse(ColumnsSchema, JSON.parse(text));
  const whole = columns.map(sums);
  const lines = [JSON.stringify(header)];
  const count = whole[0]?.length ?? 0;
  for (let index = 0; index <= count; index++) {
    if (cuts.includes(index)) lines.push(JSON.stringify(CUT));
    if (index < count) lines.push(JSON.stringify(whole.map((column) => column[index])));
  }
  return `[${lines.join(",\n")}\n]\n`;
}

function differences(column: readonly Cell[], field: number): Cell[] {
  if (!ASCENDING.includes(field)) return [...column];
  return column.map((value, index) => Number(value) - Number(column[index - 1] ?? 0));
}

function sums(column: readonly Cell[], field: number): Cell[] {
  if (!ASCENDING.includes(field)) return [...column];
  let sum = 0;
  return column.map((value) => {
    sum += Number(value);
    return sum;
  });
}
