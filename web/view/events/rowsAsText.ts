// SPDX-License-Identifier: MIT
// Events as lines with tabs between their fields, as spreadsheets and mails take them.

import type { Flow } from "../../flow/Flow.ts";
import { payloadText, resultWords, sentence } from "../../flow/Meaning.ts";
import { itemNumber } from "../inspector/Dossier.ts";

const HEAD = [
  "event",
  "after ns",
  "process",
  "pid",
  "what",
  "link",
  "item",
  "bytes",
  "result",
  "queue",
  "payload",
  "in words",
];

/** `since`: the row that times are counted from. */
export function rowsAsText(flow: Flow, rows: readonly number[], since: number): string {
  return [HEAD, ...rows.map((row) => cells(flow, row, since))].map((line) => line.join("\t")).join("\n");
}

function cells(flow: Flow, row: number, since: number): (string | number)[] {
  const event = flow.event(row);
  const { seq, timeNs, comm, pid, type, link, item, len, items, payload } = event;
  const onLink = link === 0 ? "" : items;
  return [
    ...[seq, timeNs - flow.timeNs(since), pid === 0 ? "kernel" : comm, pid || "", type, link || ""],
    ...[item === 0 ? "" : itemNumber(item), len || "", resultWords(event), onLink],
    ...[payloadText(payload), sentence(event)],
  ];
}
