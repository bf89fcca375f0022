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
  let last = -1;
  let event: KernelEvent | null = null;
  const at = (row: number): KernelEvent => {
    if (row !== last || !event) event = flow.event(row);
    last = row;
    return event;
  };
  return {
    type: (row) => flow.type(row),
    flags: (row) => at(row).flags,
    seq: (row) => at(row).seq,
    link: (row) => at(row).link,
    item: (row) => at(row).item,
    result: (row) => at(row).result,
    value: (row) => at(row).value,
    len: (row) => at(row).len,
    items: (row) => flow.depth(row),
    bytes: (row) => at(row).bytes,
    tgid: (row) => at(row).tgid,
    comm: (row) => at(row).comm,
    payload: (row) => at(row).payload,
    kind: (row) => flow.linkOf(row)?.kind ?? "",
    sinceStart: (row) => flow.timeNs(row) - startOf(flow, row),
    waited: (row) => {
      const item = flow.itemOf(row);
      return item?.gone === row ? flow.timeNs(row) - flow.timeNs(item.born) : null;
    },
  };
}

function startOf(flow: Flow, row: number): number {
  const run = flow.runOf(row);
  return flow.timeNs(run ? run.events.at(0) : row);
}
