// SPDX-License-Identifier: MIT
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseReport, perMessage, type Sample, timesOf } from "./peerSamples.ts";

const REPORT = [
  "absent stream eventfd 8 what waits is added up",
  "begin 1",
  "end 1 roundtrip pipe 16 64 6500",
  "begin 2",
  "end 2 roundtrip pipe 16 128 12900",
  "done",
  "",
].join("\r\n");

function pair(peer: string, each: number, setup: number, interrupt = 0): Sample[] {
  const base = { pattern: "roundtrip" as const, peer, size: 16 };
  return [
    { ...base, messages: 64, ticks: setup + 64 * each },
    { ...base, messages: 128, ticks: setup + 128 * each + interrupt },
  ];
}

describe("a report", () => {
  it("is read whole", () => {
    const { samples, absences } = parseReport(REPORT);
    expect(samples).toEqual([
      { pattern: "roundtrip", peer: "pipe", size: 16, messages: 64, ticks: 6500 },
      { pattern: "roundtrip", peer: "pipe", size: 16, messages: 128, ticks: 12900 },
    ]);
    expect(absences).toEqual([
      { pattern: "stream", peer: "eventfd", size: 8, reason: "what waits is added up" },
    ]);
  });

  it("without an end is refused with its last words", () => {
    expect(() => parseReport("begin 1\nfailed pipe send: I/O error\n")).toThrow(
      "failed pipe send: I/O error",
    );
    expect(() => parseReport("")).toThrow("none");
  });

  it("with anything else in it is refused", () => {
    expect(() => parseReport("end 1 sideways pipe 16 64 6500\ndone\n")).toThrow("sideways");
  });
});

describe("a figure per message", () => {
  it("has neither what is done once nor the loop in it", () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(50), fc.nat(1_000_000), (cost, loop, setup) => {
        const samples = [...pair("nothing", loop, 30), ...pair("pipe", loop + cost, setup)];
        expect(perMessage(samples, "roundtrip", "pipe", 16)).toBe(cost);
      }),
    );
  });

  it("does not change when the timer falls into fewer than half of the rounds", () => {
    const rounds = [0, 4321, 0, 0, 987].flatMap((interrupt) => pair("pipe", 1000, 77, interrupt));
    expect(perMessage([...pair("nothing", 20, 5), ...rounds], "roundtrip", "pipe", 16)).toBe(980);
  });

  it("is refused when a measurement has no partner of twice as many messages", () => {
    const [few] = pair("pipe", 1000, 0);
    if (!few) throw new Error("no sample");
    const samples = [...pair("nothing", 20, 5), few, few];
    expect(() => perMessage(samples, "roundtrip", "pipe", 16)).toThrow("no partner");
  });

  it("is refused for what was not measured", () => {
    expect(() => perMessage(pair("nothing", 20, 5), "roundtrip", "pipe", 16)).toThrow("no measurement");
  });
});

it("times are those of one peer, pattern and size, per message", () => {
  const samples = [...pair("pipe", 10, 0), ...pair("floor", 5, 0)];
  expect(timesOf(samples, "roundtrip", "pipe", 16)).toEqual([10, 10]);
  expect(timesOf(samples, "stream", "pipe", 16)).toEqual([]);
});
