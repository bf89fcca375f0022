// SPDX-License-Identifier: MIT
import { expect, it } from "vitest";
import { type Metrics, metric } from "./metrics.ts";
import { peerTable, verdict } from "./peerTable.ts";

function instructions(counts: Record<string, number>): Metrics {
  return Object.fromEntries(
    Object.entries(counts).map(([name, count]) => [`${name}.instructions`, metric([count], "instructions")]),
  );
}

const METRICS: Metrics = {
  ...instructions({
    "roundtrip.ddlink.256": 1500,
    "roundtrip.pipe.256": 1800,
    "roundtrip.floor.256": 1000,
    "roundtrip.ddlink.4096": 1600,
  }),
  "roundtrip.pipe.256.qemu_ratio": metric([1.75], "ratio"),
};
const ABSENT = { "roundtrip.packet_pipe.65536": "a packet is at most 4096 bytes" };

it("gives each peer its ratios to the floor and to ddlink", () => {
  const lines = peerTable(METRICS, ABSENT).split("\n");
  const start = lines.indexOf("round trip, 256 bytes");
  const rows = lines.slice(start + 1, start + 11).map((line) => line.trim().split(/ {2,}/));
  expect(rows[0]).toEqual(["instructions", "/ floor", "/ ddlink", "v86 time / floor", "QEMU time / floor"]);
  expect(rows).toContainEqual(["ddlink", "1,500", "1.50", "1.00"]);
  expect(rows).toContainEqual(["pipe", "1,800", "1.80", "1.20", "1.75"]);
  expect(rows).toContainEqual(["floor", "1,000", "1.00", "0.67"]);
});

it("says why a peer is absent", () => {
  expect(peerTable(METRICS, ABSENT)).toContain("packet_pipe is absent: a packet is at most 4096 bytes");
});

it("says how far ddlink is from the floor, and who is nearest", () => {
  expect(verdict(METRICS)).toBe(
    [
      "A round trip of 256 bytes over ddlink takes 1,500 instructions, 1.50 times the floor of 1,000: within the 2.0 aimed at.",
      "ddlink takes fewer instructions than its peer in 1 of 1 comparisons.",
      "The nearest is pipe, roundtrip of 256 bytes: 1.20 times as many.",
    ].join("\n"),
  );
});

it("owns up to each comparison that ddlink does not win", () => {
  const slow = { ...METRICS, ...instructions({ "roundtrip.ddlink.256": 2100 }) };
  const said = verdict(slow);
  expect(said).toContain("2.10 times the floor of 1,000: more than the 2.0 aimed at");
  expect(said).toContain("fewer instructions than its peer in 0 of 1");
  expect(said).toContain("not in the roundtrip of 256 bytes: pipe takes 0.86 times as many");
});
