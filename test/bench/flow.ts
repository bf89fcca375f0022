// SPDX-License-Identifier: MIT
// The model alone, in Node, with a million events: the memory of each, and the way to the state after any of them.

import { type Metrics, metric, repeat } from "./metrics.ts";
import { concatenated, flowOf, recordScenarios } from "./recordedLog.ts";

const EVENTS = 1_000_000;
const SEEKS = 200;

export async function flow(): Promise<Metrics> {
  const log = flowOf(concatenated(await recordScenarios(), EVENTS));
  let next = 1;
  const seeks = await repeat(SEEKS, async () => {
    next = (next * 48_271) % 2_147_483_647;
    const started = performance.now();
    log.moment(next % EVENTS);
    return performance.now() - started;
  });
  return {
    "flow.seek.ms": metric(seeks, "ms"),
    "flow.bytes_per_event": metric([log.byteLength / EVENTS], "bytes"),
  };
}
