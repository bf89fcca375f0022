// SPDX-License-Identifier: MIT

import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { Flow } from "../Flow.ts";
import { echoRun, forkRun, ScriptedKernel, troubleRun } from "../ScriptedKernel.ts";
import { chromeTrace } from "./chromeTrace.ts";
import { type TraceEvent, TraceFileSchema } from "./TraceEvent.ts";

function traceOf(run: typeof echoRun): readonly TraceEvent[] {
  const flow = new Flow();
  for (const event of run(new ScriptedKernel()).events) flow.push(event);
  const shown = flow.runs.find(({ links }) => links.length > 0);
  if (!shown) throw new Error("no run");
  // Through JSON, as a reader gets it.
  return v.parse(TraceFileSchema, JSON.parse(JSON.stringify(chromeTrace(flow, shown)))).traceEvents;
}

type Of<P extends TraceEvent["ph"]> = Extract<TraceEvent, { ph: P }>;

function only<P extends TraceEvent["ph"]>(events: readonly TraceEvent[], ph: P): Of<P>[] {
  return events.filter((event): event is Of<P> => event.ph === ph);
}

describe.each([
  ["echo", echoRun],
  ["fork", forkRun],
  ["trouble", troubleRun],
])("the Chrome trace of %s", (_, run) => {
  const events = traceOf(run);

  it("has its events by time, from 0", () => {
    const times = events.flatMap((event) => ("ts" in event ? [event.ts] : []));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times[0]).toBe(0);
  });

  it("names every track that something stands on", () => {
    const named = new Set(
      only(events, "M").map((event) => ("tid" in event ? `${event.pid}/${event.tid}` : "")),
    );
    for (const { pid, tid } of only(events, "X")) expect(named).toContain(`${pid}/${tid}`);
    for (const { pid, tid } of only(events, "b")) expect(named).toContain(`${pid}/${tid}`);
  });

  it("has slices on a track inside one another or apart, as the format wants them", () => {
    const slices = only(events, "X");
    for (const a of slices) {
      for (const b of slices.filter((one) => one !== a && one.pid === a.pid && one.tid === a.tid)) {
        const inside = b.ts >= a.ts && b.ts + b.dur <= a.ts + a.dur;
        const around = a.ts >= b.ts && a.ts + a.dur <= b.ts + b.dur;
        const apart = b.ts >= a.ts + a.dur || a.ts >= b.ts + b.dur;
        expect(inside || around || apart).toBe(true);
      }
    }
  });

  it("ends each item and each arrow that it begins, and not before", () => {
    for (const [begin, end] of [
      ["b", "e"],
      ["s", "f"],
    ] as const) {
      const begun = new Map(only(events, begin).map(({ id, ts }) => [id, ts]));
      const ended = only(events, end);
      expect(ended.map(({ id }) => id).sort()).toEqual([...begun.keys()].sort());
      for (const { id, ts } of ended) expect(ts).toBeGreaterThanOrEqual(begun.get(id) ?? Number.NaN);
    }
  });

  it("has each arrow begin inside a write and end at a read", () => {
    const slices = only(events, "X");
    for (const { ts, tid } of only(events, "s"))
      expect(
        slices.some(
          (one) => one.name === "write" && one.tid === tid && one.ts <= ts && ts <= one.ts + one.dur,
        ),
      ).toBe(true);
    for (const { ts, tid } of only(events, "f"))
      expect(slices.some((one) => one.name === "read" && one.tid === tid && one.ts === ts)).toBe(true);
  });
});

describe("the Chrome trace of echo, by its numbers", () => {
  const events = traceOf(echoRun);

  it("has the calls with what they returned", () => {
    const calls = only(events, "X").filter(({ cat }) => cat === "call");
    expect(calls.map(({ name, args }) => `${name} ${args.result}`)).toEqual([
      ...["write 5", "read EIO", "read 5", "write 5", "read EIO", "read 5", "read 0"],
    ]);
    expect(calls[0]).toMatchObject({ tid: 41, args: { message: "hello" } });
  });

  it("has an arrow for each item that was read, and none for one that was not", () => {
    expect(only(events, "s")).toHaveLength(2);
    expect(only(traceOf(forkRun), "b")).toHaveLength(3);
    expect(only(traceOf(forkRun), "s")).toHaveLength(2);
  });

  it("counts the queue", () => {
    expect(only(events, "C").map(({ args }) => args.items)).toContain(1);
  });
});
