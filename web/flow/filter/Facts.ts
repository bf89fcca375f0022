// SPDX-License-Identifier: MIT
// What a filter asks of an event, by its row and without an object for each: a million are asked at once.

import type { KernelEvent } from "../../bridge/KernelEvent.ts";
import type { Flow } from "../Flow.ts";

export interface Facts {
  type(row: number): KernelEvent["type"];
  flags(row: number): number;
  seq(row: number): number;
  link(row: number): number;
  item(row: number): number;
  result(row: number): number;
  value(row: number): number;
  len(row: number): number;
  items(row: number): number;
  bytes(row: number): number;
  tgid(row: number): number;
  comm(row: number): string;
  payload(row: number): Uint8Array;
  /** Kind of the event's link, "" where there is none. */
  kind(row: number): string;
  /** Nanoseconds since the first event of its run. */
  sinceStart(row: number): number;
  /** How long the item waited whose wait ends with this event, in nanoseconds; null where none ends. */
  waited(row: number): number | null;
}

export function factsOf(flow: Flow): Facts {
  const { log } = flow;
  return {
    type: (row) => log.type(row),
    flags: (row) => log.flags(row),
    seq: (row) => log.seq(row),
    link: (row) => log.link(row),
    item: (row) => log.item(row),
    result: (row) => log.result(row),
    value: (row) => log.value(row),
    len: (row) => log.len(row),
    items: (row) => log.items(row),
    bytes: (row) => log.bytes(row),
    tgid: (row) => log.tgid(row),
    comm: (row) => log.comm(row),
    payload: (row) => log.payload(row),
    kind: (row) => flow.linkOf(row)?.kind ?? "",
    sinceStart: (row) => log.timeNs(row) - startOf(flow, row),
    waited: (row) => {
      const item = flow.itemOf(row);
      return item?.gone === row ? log.timeNs(row) - log.timeNs(item.born) : null;
    },
  };
}

function startOf(flow: Flow, row: number): number {
  const run = flow.runOf(row);
  return flow.timeNs(run ? run.events.at(0) : row);
}
