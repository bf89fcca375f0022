// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { framesOf } from "./frames.ts";

const VSYNC = 1e6 / 60;

interface Frame {
  readonly vsync: number;
  /** Microseconds to the end of its swap. */
  readonly latency: number;
  readonly state?: string;
}

function traceOf(frames: readonly Frame[]): unknown[] {
  return frames.flatMap(({ vsync, latency, state = "STATE_PRESENTED_ALL" }, index) => {
    const common = { name: "PipelineReporter", pid: 1, tid: 1, id2: { local: `${index}` } };
    const frame_reporter = { state, affects_smoothness: true, layer_tree_host_id: 1 };
    const ts = vsync * VSYNC;
    return [
      { ...common, ph: "b", ts, args: { frame_reporter } },
      { ...common, ph: "e", ts: ts + latency },
    ];
  });
}

const rounded = (values: readonly number[]) => values.map((value) => Math.round(value * 10) / 10);

test("frames that are ready for their vsync are seen evenly, however long each took", () => {
  const { seen, swaps, dropped } = framesOf(
    traceOf([
      { vsync: 0, latency: 3000 },
      { vsync: 1, latency: 9000 },
      { vsync: 2, latency: 2000 },
    ]),
  );
  expect(rounded(seen)).toEqual([16.7, 16.7]);
  expect(rounded(swaps)).toEqual([22.7, 9.7]);
  expect(dropped).toBe(0);
});

test("one that is late is seen a vsync later", () => {
  const late = traceOf([
    { vsync: 0, latency: 3000 },
    { vsync: 1, latency: 17_000 },
    { vsync: 3, latency: 3000 },
  ]);
  expect(rounded(framesOf(late).seen)).toEqual([33.3, 16.7]);
});

test("one that another overtakes is not seen at all, and dropped like one that was never made", () => {
  const { seen, dropped } = framesOf(
    traceOf([
      { vsync: 0, latency: 3000 },
      { vsync: 1, latency: 17_000 },
      { vsync: 2, latency: 3000 },
      { vsync: 3, latency: 0, state: "STATE_DROPPED" },
    ]),
  );
  expect(rounded(seen)).toEqual([33.3]);
  expect(dropped).toBe(2 / 4);
});

test("where nothing was presented, all that was due is dropped", () => {
  const { seen, dropped } = framesOf(traceOf([{ vsync: 0, latency: 0, state: "STATE_DROPPED" }]));
  expect(seen).toEqual([]);
  expect(dropped).toBe(1);
});
