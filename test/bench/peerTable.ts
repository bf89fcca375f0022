// SPDX-License-Identifier: MIT
// ddlink and its peers side by side: the metrics of a comparison as text.
import type { Metrics } from "./metrics.ts";
import type { Pattern } from "./peerSamples.ts";

export const PEERS = [
  "ddlink",
  "pipe",
  "packet_pipe",
  "seqpacket",
  "mqueue",
  "eventfd",
  "genetlink",
  "rpc_pipe",
  "floor",
] as const;
export const PATTERNS: readonly Pattern[] = ["roundtrip", "stream"];
/** Those asked for, and one that eventfd can carry. */
export const SIZES = [8, 16, 256, 4096, 65536] as const;

/** What a round trip of 256 bytes may cost, in floors. */
const TARGET = 2;

export type Name = (typeof PEERS)[number];
/** Why a metric is missing, by the name that it would have. */
export type Absent = Record<string, string>;

export function nameOf(pattern: Pattern, peer: string, size: number): string {
  return `${pattern}.${peer}.${size}`;
}

const count = (value: number | undefined) =>
  value === undefined ? "" : Math.round(value).toLocaleString("en");
const ratio = (value: number | undefined) => (value === undefined ? "" : value.toFixed(2));

function over(value: number | undefined, base: number | undefined): number | undefined {
  return value === undefined || !base ? undefined : value / base;
}

function cells(metrics: Metrics, pattern: Pattern, peer: Name, size: number): string[] {
  const instructions = (of: Name) => metrics[`${nameOf(pattern, of, size)}.instructions`]?.value;
  const time = (where: string) => metrics[`${nameOf(pattern, peer, size)}.${where}_ratio`]?.value;
  const own = instructions(peer);
  return [
    peer,
    count(own),
    ratio(over(own, instructions("floor"))),
    ratio(over(own, instructions("ddlink"))),
    ratio(time("v86")),
    ratio(time("qemu")),
  ];
}

const HEAD = ["", "instructions", "/ floor", "/ ddlink", "v86 time / floor", "QEMU time / floor"];

function columns(rows: readonly (readonly string[])[]): string {
  const width = (i: number) => Math.max(...rows.map((row) => row[i]?.length ?? 0));
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(width(i)) : cell.padStart(width(i)))).join("  ");
  return rows.map((row) => line(row).trimEnd()).join("\n");
}

function section(metrics: Metrics, absent: Absent, pattern: Pattern, size: number): string {
  const rows: string[][] = [];
  const missing: string[] = [];
  for (const peer of PEERS) {
    const reason = absent[nameOf(pattern, peer, size)];
    if (reason) missing.push(`  ${peer} is absent: ${reason}`);
    else rows.push(cells(metrics, pattern, peer, size));
  }
  const title = pattern === "roundtrip" ? "round trip" : "stream";
  return [`${title}, ${count(size)} bytes`, columns([HEAD, ...rows]), ...missing].join("\n");
}

interface Rival {
  readonly where: string;
  readonly peer: Name;
  readonly times: number;
}

/** Every peer and case in which ddlink is compared with one that moves the same bytes, cheapest first. */
function rivals(metrics: Metrics): Rival[] {
  const found: Rival[] = [];
  for (const pattern of PATTERNS)
    for (const size of SIZES)
      for (const peer of PEERS.filter((name) => name !== "ddlink" && name !== "floor")) {
        const of = (name: Name) => metrics[`${nameOf(pattern, name, size)}.instructions`]?.value;
        const times = over(of(peer), of("ddlink"));
        if (times !== undefined) found.push({ where: `${pattern} of ${count(size)} bytes`, peer, times });
      }
  return found.sort((a, b) => a.times - b.times);
}

/** The results in words: every number in it comes from the metrics. */
export function verdict(metrics: Metrics): string {
  const link = metrics["roundtrip.ddlink.256.instructions"]?.value;
  const floor = metrics["roundtrip.floor.256.instructions"]?.value;
  const times = over(link, floor);
  const all = rivals(metrics);
  const winners = all.filter((rival) => rival.times <= 1);
  const goal =
    times === undefined || times > TARGET
      ? `more than the ${TARGET.toFixed(1)} aimed at`
      : `within the ${TARGET.toFixed(1)} aimed at`;
  const lines = [
    `A round trip of 256 bytes over ddlink takes ${count(link)} instructions, ${ratio(times)} times the floor of ${count(floor)}: ${goal}.`,
    `ddlink takes fewer instructions than its peer in ${all.length - winners.length} of ${all.length} comparisons.`,
    ...winners.map(
      ({ where, peer, times }) => `  not in the ${where}: ${peer} takes ${ratio(times)} times as many.`,
    ),
  ];
  const nearest = all.find((rival) => rival.times > 1);
  if (nearest && winners.length === 0)
    lines.push(`The nearest is ${nearest.peer}, ${nearest.where}: ${ratio(nearest.times)} times as many.`);
  return lines.join("\n");
}

export function peerTable(metrics: Metrics, absent: Absent): string {
  const sections = PATTERNS.flatMap((pattern) =>
    SIZES.map((size) => section(metrics, absent, pattern, size)),
  );
  return [...sections, verdict(metrics)].join("\n\n");
}
