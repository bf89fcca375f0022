// SPDX-License-Identifier: MIT
import { describe, expect, it } from "vitest";
import {
  durationWords,
  exitWords,
  outcomeOf,
  payloadText,
  pollWords,
  resultWords,
  sentence,
} from "./Meaning.ts";
import { echoRun, ScriptedKernel } from "./ScriptedKernel.ts";

describe("Meaning", () => {
  it("tells the outcomes of the echo run apart", () => {
    const outcomes = echoRun().events.map(outcomeOf);
    expect(outcomes.filter((outcome) => outcome === "too-small")).toHaveLength(2);
    expect(outcomes.filter((outcome) => outcome === "empty")).toHaveLength(1);
  });

  it("says what each call returned as the program saw it", () => {
    const reads = echoRun().events.filter(({ type }) => type === "read");
    expect(reads.map(resultWords)).toEqual(["EIO", "5", "EIO", "5", "0"]);
  });

  it("names a refused write", () => {
    const kernel = new ScriptedKernel();
    const link = kernel.fork(1, 2).open(2, 1);
    const last = kernel.write(2, link, "a").write(2, link, "b").events.at(-1);
    expect(last && [outcomeOf(last), sentence(last)]).toEqual(["full", "write is refused: ENOBUFS"]);
  });

  it("reads wait(2) statuses, poll masks, durations and hostile payloads", () => {
    expect([exitWords(0), exitWords(256), exitWords(9)]).toEqual(["0", "1", "signal 9"]);
    expect([pollWords(0x45), pollWords(0x10), pollWords(0)]).toEqual(["IN OUT", "HUP", "nothing"]);
    expect([400, 3100, 45.2e6, 1.234e9].map(durationWords)).toEqual([
      "400 ns",
      "3.10 µs",
      "45.2 ms",
      "1.23 s",
    ]);
    expect(payloadText(Uint8Array.of(0x68, 0, 0x1b, 0xff, 0x69))).toBe("h···i");
  });
});
