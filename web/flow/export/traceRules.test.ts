// SPDX-License-Identifier: MIT
// The trace of every scenario, from the events of the real guest, against the rules of the format; and each rule broken.

import { readFile } from "node:fs/promises";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { SCENARIOS } from "../../view/scenarios/Scenario.ts";
import { Flow } from "../Flow.ts";
import { openLog } from "../log/openLog.ts";
import { chromeTrace } from "./chromeTrace.ts";
import { type TraceEvent, type TraceFile, TraceFileSchema } from "./TraceEvent.ts";
import { readTrace } from "./traceRules.ts";

async function flowOf(scenario: string): Promise<Flow> {
  const file = await readFile(new URL(`../../../test/e2e/golden/${scenario}.json`, import.meta.url));
  const flow = new Flow();
  for await (const { entries } of openLog(new Blob([file]).stream()))
    for (const entry of entries) if (entry !== "cut") flow.push(entry);
  return flow;
}

/** Through JSON, as a reader gets it. */
function traceOf(flow: Flow): TraceFile {
  const run = flow.runs.find(({ links }) => links.length > 0);
  if (!run) throw new Error("no run");
  return v.parse(TraceFileSchema, JSON.parse(JSON.stringify(chromeTrace(flow, run))));
}

describe.each(SCENARIOS.map(({ id }) => id))("the trace of %s", (id) => {
  it("keeps the rules of the format", async () => {
    expect(readTrace(traceOf(await flowOf(id))).broken).toEqual([]);
  });

  it("has an arrow from the write of each item that was read to its read", async () => {
    const flow = await flowOf(id);
    const items = Array.from({ length: flow.itemCount }, (_, number) => flow.item(number));
    const read = items.filter(
      ({ cause, gone }) => cause !== null && gone !== null && flow.type(gone) === "read",
    );
    const { arrows } = readTrace(traceOf(flow));
    expect(arrows.map(({ from, to }) => `${from.name} ${from.args.message} ${to.name}`).sort()).toEqual(
      read.map(({ cause }) => `write ${text(flow, cause ?? 0)} read`).sort(),
    );
  });

  it("has its times in microseconds of the guest's clock", async () => {
    const flow = await flowOf(id);
    const trace = traceOf(flow);
    const depths = trace.traceEvents.filter((event) => event.ph === "C").map(({ ts }) => ts);
    const start = flow.timeNs(0);
    const onLinks = Array.from({ length: flow.length }, (_, row) => row).filter((row) => flow.linkOf(row));
    expect(depths).toEqual(onLinks.map((row) => (flow.timeNs(row) - start) / 1000));
  });
});

function text(flow: Flow, row: number): string {
  return new TextDecoder().decode(flow.log.payload(row));
}

type Of<P extends TraceEvent["ph"]> = TraceEvent & { readonly ph: P };

/** The first event of a phase in another way. */
function first<P extends TraceEvent["ph"]>(
  ph: P,
  change: (event: Of<P>) => TraceEvent[],
): (events: TraceEvent[]) => TraceEvent[] {
  return (events) => {
    const found = events.find((event): event is Of<P> => event.ph === ph);
    return events.flatMap((event) => (event === found ? change(found) : event));
  };
}

const gone = () => [];
const twice = (event: TraceEvent) => [event, event];

describe("each rule can be broken:", () => {
  it.each<[string, (events: TraceEvent[]) => TraceEvent[], RegExp]>([
    ["a slice that ends outside of the one it begins in", longer, /begins inside of .* and ends outside/],
    ["an item without an end", first("e", gone), /^item 0x\w+ has no end/],
    ["an item that begins twice", first("b", twice), /begins twice/],
    ["an item that ends before it begins", first("b", gone), /ends before it begins/],
    ["an item that ends as another", first("e", (event) => [{ ...event, name: "x" }]), /as something else/],
    ["an arrow without an end", first("f", gone), /^arrow .* has no end/],
    ["an arrow that only ends", first("s", gone), /^arrow .* ends before it begins/],
    ["an arrow that begins twice", first("s", twice), /^arrow .* begins twice/],
    ["an arrow from nowhere", first("s", (event) => [{ ...event, ts: 1e9 }]), /begins at no slice/],
    [
      "an arrow to nowhere",
      (events) => events.filter(({ ph, name }) => ph !== "X" || name !== "read"),
      /no slice/,
    ],
    ["an id that is no number", first("b", (event) => [{ ...event, id: "one" }]), /is no number/],
    ["a counter without a value", first("C", (event) => [{ ...event, args: {} }]), /counts nothing/],
    ["a process without a name", without("process_name"), /^process \d+ has no name/],
    ["a thread without a name", without("thread_name"), /^thread .* has no name/],
    ["a thread of two processes", doubleThread, /belongs to two processes/],
    ["a thread beyond 32 bits", first("i", (event) => [{ ...event, tid: 2 ** 32 }]), /32 bits/],
  ])("%s", async (_, hurt, sentence) => {
    const trace = traceOf(await flowOf("echo"));
    const broken = { ...trace, traceEvents: hurt([...trace.traceEvents]) };
    expect(readTrace(broken).broken.join("\n")).toMatch(sentence);
  });

  it.each<[string, Record<string, unknown>]>([
    ["no time", { ts: undefined }],
    ["a time before the first", { ts: -1 }],
    ["no duration", { dur: undefined }],
    ["a duration below nothing", { dur: -1 }],
    ["no process", { pid: undefined }],
    ["a thread that is no number", { tid: "read" }],
    ["a phase that is none", { ph: "Q" }],
    ["no name", { name: "" }],
  ])("a slice with %s", async (_, change) => {
    const trace = traceOf(await flowOf("echo"));
    const hurt = trace.traceEvents.map((event) => (event.ph === "X" ? { ...event, ...change } : event));
    expect(v.safeParse(TraceFileSchema, { ...trace, traceEvents: hurt }).success).toBe(false);
  });
});

function longer(events: TraceEvent[]): TraceEvent[] {
  return events.map((event) => (event.ph === "X" && event.name === "write" ? { ...event, dur: 1e9 } : event));
}

function without(name: string): (events: TraceEvent[]) => TraceEvent[] {
  return (events) => events.filter((event) => event.name !== name);
}

function doubleThread(events: TraceEvent[]): TraceEvent[] {
  const thread = events.find((event) => event.ph === "M" && event.name === "thread_name");
  return thread ? [...events, { ...thread, pid: thread.pid + 1 } as TraceEvent] : events;
}
