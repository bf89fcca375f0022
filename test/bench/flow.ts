// SPDX-License-Identifier: MIT
// The model alone, in Node, with a million events: the memory of each, the way to the state after any of them, and a
// filter over all of them.

import type { Flow } from "../../web/flow/Flow.ts";
import { Matches } from "../../web/flow/filter/Matches.ts";
import { parseFilter } from "../../web/flow/filter/parse.ts";
import { FilterError } from "../../web/flow/filter/tokens.ts";
import { type Metrics, metric, repeat } from "./metrics.ts";
import { concatenated, flowOf, recordScenarios } from "./recordedLog.ts";

const EVENTS = 1_000_000;
const SEEKS = 200;
/** Of so many tries the best counts: what others did on the computer meanwhile is not the event's. */
const TRIES = 5;
/** One of each kind of test. */
const FILTERS = [
  "op:read",
  'link:3 op:read errno:EIO size>100 "hello"',
  "hello",
  "wait>50us",
  "is:trouble or time<1ms",
];

export async function flow(): Promise<Metrics> {
  const log = flowOf(concatenated(await recordScenarios(), EVENTS));
  let next = 1;
  const seeks = await repeat(SEEKS, async () => {
    next = (next * 48_271) % 2_147_483_647;
    return Math.min(...Array.from({ length: TRIES }, () => seekMs(log, next % EVENTS)));
  });
  const filters = FILTERS.map((text) => {
    const filter = parseFilter(text);
    if (filter instanceof FilterError) throw filter;
    const started = performance.now();
    new Matches(log, filter);
    return performance.now() - started;
  });
  return {
    "flow.filter.ms": metric(filters, "ms"),
    "flow.seek.ms": metric(seeks, "ms"),
    "flow.bytes_per_event": metric([log.byteLength / EVENTS], "bytes"),
  };
}

function seekMs(log: Flow, row: number): number {
  const started = performance.now();
  log.moment(row);
  return performance.now() - started;
}
