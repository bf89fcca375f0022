// SPDX-License-Identifier: MIT
import { describe, expect, it } from "vitest";
import { Transcript } from "./Transcript.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("Transcript", () => {
  it("keeps the two streams apart, in order, and characters whole", () => {
    const transcript = new Transcript();
    const [first, second] = [bytes("grün").slice(0, 3), bytes("grün").slice(3)];
    transcript.add("stdout", first);
    transcript.add("stdout", second);
    transcript.add("stderr", bytes("!"));
    expect(transcript.pieces).toEqual([
      { from: "stdout", text: "grün" },
      { from: "stderr", text: "!" },
    ]);
  });

  it("begins each program anew, whatever the last one left unfinished", () => {
    const transcript = new Transcript();
    transcript.begin("one");
    transcript.add("stdout", bytes("ü").slice(0, 1));
    transcript.begin("two");
    transcript.add("stdout", bytes("ü"));
    expect(transcript.pieces).toEqual([
      { from: "command", text: "$ one\n$ two\n" },
      { from: "stdout", text: "ü" },
    ]);
  });

  it("lets the oldest characters go, and counts them", () => {
    const transcript = new Transcript();
    for (let index = 0; index < 300; index++) transcript.add("stdout", bytes("y".repeat(1000)));
    transcript.add("stdout", bytes("end"));
    const kept = transcript.pieces.map(({ text }) => text).join("");
    expect(kept.length).toBe(200_000);
    expect(kept.endsWith("end")).toBe(true);
    expect(transcript.dropped).toBe(100_003);
  });
});
