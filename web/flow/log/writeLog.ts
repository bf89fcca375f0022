// SPDX-License-Identifier: MIT
// From a flow to the text of a saved event log, in pieces.

import type { Events } from "../EventLog.ts";
import type { Flow } from "../Flow.ts";
import { CUT, type Fields, FORMAT, textOf, VERSION } from "./format.ts";

const PIECE_EVENTS = 1024;

/** Joined, the pieces are the file. */
export function* writeLog(flow: Flow): Generator<string, void, undefined> {
  const header = { format: FORMAT, version: VERSION, events: flow.length };
  let piece = `[${JSON.stringify(header)}`;
  for (let row = 0; row < flow.length; row++) {
    if (flow.cuts.has(row)) piece += `,\n"${CUT}"`;
    piece += `,\n${JSON.stringify(fieldsOf(flow.log, row))}`;
    if (row % PIECE_EVENTS !== PIECE_EVENTS - 1) continue;
    yield piece;
    piece = "";
  }
  if (flow.cuts.has(flow.length)) piece += `,\n"${CUT}"`;
  yield `${piece}\n]\n`;
}

function fieldsOf(log: Events, row: number): Fields {
  return [
    log.type(row),
    log.flags(row),
    log.seq(row),
    log.timeNs(row),
    log.link(row),
    log.item(row),
    log.result(row),
    log.value(row),
    log.len(row),
    log.items(row),
    log.bytes(row),
    log.pid(row),
    log.tgid(row),
    log.comm(row),
    textOf(log.payload(row)),
  ];
}
