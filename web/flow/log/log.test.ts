// SPDX-License-Identifier: MIT
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KERNEL_EVENT_TYPES, type KernelEvent } from "../../bridge/KernelEvent.ts";
import { Flow } from "../Flow.ts";
import { echoRun, forkRun, troubleRun } from "../ScriptedKernel.ts";
import { type LogEntry, LogReader } from "./LogReader.ts";
import { openLog } from "./openLog.ts";
import { writeLog } from "./writeLog.ts";

function written(entries: readonly LogEntry[]): string {
  const flow = new Flow();
  for (const entry of entries) entry === "cut" ? flow.cut() : flow.push(entry);
  return [...writeLog(flow)].join("");
}

/** Reads text that comes in pieces of `size` characters. */
function read(text: string, size = text.length): LogEntry[] {
  const reader = new LogReader();
  const entries: LogEntry[] = [];
  for (let at = 0; at < text.length; at += size) entries.push(...reader.push(text.slice(at, at + size)));
  reader.end();
  return entries;
}

const u32 = fc.nat(0xffff_ffff);
const s32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const anyEvent: fc.Arbitrary<KernelEvent> = fc.record({
  type: fc.constantFrom(...KERNEL_EVENT_TYPES),
  flags: fc.nat(0xffff),
  seq: fc.maxSafeNat(),
  timeNs: fc.constant(5),
  link: fc.maxSafeNat(),
  item: fc.maxSafeNat(),
  result: s32,
  value: u32,
  len: u32,
  items: u32,
  bytes: u32,
  pid: s32,
  tgid: s32,
  comm: fc.string({ maxLength: 15 }),
  payload: fc.uint8Array({ maxLength: 80 }),
});

describe("a saved event log", () => {
  it("comes back as it was, in pieces of any size, cuts and all", () => {
    const anyEntries = fc.array(
      fc.oneof({ arbitrary: anyEvent, weight: 9 }, { arbitrary: fc.constant("cut" as const), weight: 1 }),
    );
    fc.assert(
      fc.property(anyEntries, fc.integer({ min: 1, max: 300 }), (entries, size) => {
        const once = entries.filter((entry, at) => entry !== "cut" || entries[at - 1] !== "cut");
        const whole = [...once, ...echoRun().events];
        expect(read(written(whole), size)).toEqual(whole);
      }),
    );
  });

  it("is one JSON document, legible where the payload is", () => {
    const text = written(forkRun().events);
    const [header, ...events] = JSON.parse(text);
    expect(header).toEqual({ format: "ddlab-events", version: 1, events: events.length });
    expect(text).toContain('"ddfork","three"]');
  });

  it("holds a log of no events", () => {
    expect(read(written([]))).toEqual([]);
  });

  it("survives the line ends of another system", () => {
    const { events } = troubleRun();
    expect(read(written(events).replaceAll("\n", "\r\n"), 7)).toEqual(events);
  });

  it("gives any text either events or a sentence, and never hangs", () => {
    const text = written(echoRun().events);
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(20), fc.string({ maxLength: 12 }), (at, cut, put) => {
        const hurt = text.slice(0, at) + put + text.slice(at + cut);
        try {
          read(hurt, 100);
        } catch (error) {
          expect(error).toMatchObject({
            name: "LogError",
            message: expect.stringMatching(/^[A-Z][^\n]*\.$/),
          });
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("what is refused, in a sentence", () => {
  const text = written(echoRun().events);
  const lines = text.split("\n");
  const withLine = (index: number, line: string) =>
    lines.map((old, at) => (at === index ? line : old)).join("\n");

  it.each([
    ["a picture", "\u0089PNG\r\n", /^This file is not an event log of ddlab: its first line/],
    ["another JSON", '{"log":{"version":"1.2"}}', /^This file is not an event log of ddlab/],
    ["a file without lines", "[".repeat(100_000), /^This file is not an event log of ddlab: it has no lines/],
    ["nothing", "", /^This file is not an event log of ddlab/],
    [
      "a log from the future",
      '[{"format":"ddlab-events","version":2,"events":1,"compressed":true},\nx\n]',
      /has version 2, and this page reads up to version 1: open it with a newer ddlab/,
    ],
    [
      "an unknown kind of event",
      withLine(3, '["leap",0,3,1,0,0,0,0,0,0,0,1,1,"",""],'),
      /damaged at line 4: .*leap/,
    ],
    ["a field too many", withLine(3, (lines[3] ?? "").replace("],", ",0],")), /damaged at line 4/],
    ["a fraction", withLine(3, (lines[3] ?? "").replace(",0,", ",0.5,")), /damaged at line 4/],
    [
      "a payload that is no bytes",
      withLine(3, (lines[3] ?? "").replace('"echo"', '"€"')),
      /damaged at line 4/,
    ],
    [
      "too few events",
      [...lines.slice(0, 3), "]", ""].join("\n"),
      /incomplete: it announces \d+ events and has 2/,
    ],
    ["a log cut off", text.slice(0, 600), /damaged|incomplete/],
    ["more after the end", `${text}[1]\n`, /more after its end/],
    ["time that goes back", withLine(5, lines[2] ?? ""), /damaged at line 6: its time goes back/],
  ])("%s", (_, hurt, sentence) => {
    expect(() => read(hurt)).toThrow(sentence);
  });

  it("a file beyond the limit, without reading it all", async () => {
    let given = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) =>
        controller.enqueue(new TextEncoder().encode(given++ === 0 ? text : "\n".repeat(1 << 16))),
    });
    const all = async () => {
      for await (const batch of openLog(endless, 1 << 20)) void batch;
    };
    await expect(all()).rejects.toThrow("The event log is larger than 1 MiB: save a shorter one.");
    expect(given).toBeLessThan(20);
  });
});

it("opens a file by its stream, and says how much is announced", async () => {
  const { events } = forkRun();
  const found: LogEntry[] = [];
  for await (const { entries, announced } of openLog(new Blob([written(events)]).stream())) {
    expect(announced).toBe(events.length);
    found.push(...entries);
  }
  expect(found).toEqual(events);
});
