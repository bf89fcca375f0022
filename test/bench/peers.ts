// SPDX-License-Identifier: MIT
// ddlink against its peers on one kernel: instructions by v86, which counts them exactly, and time in v86 and QEMU.
import { Findings, type Metrics, median, metric } from "./metrics.ts";
import { countInV86, timeInQemu, timeInV86 } from "./peerRuns.ts";
import { perMessage, type Report, type Sample, timesOf } from "./peerSamples.ts";
import { type Absent, nameOf, PATTERNS, PEERS, peerTable, SIZES } from "./peerTable.ts";

const COUNTING = { rounds: 5, messages: 64 };
const TIMING = { rounds: 5, messages: 512 };

type Case = Pick<Sample, "pattern" | "peer" | "size">;

function cases({ samples }: Report): Case[] {
  const wanted = PATTERNS.flatMap((pattern) =>
    SIZES.flatMap((size) => PEERS.map((peer) => ({ pattern, peer, size }))),
  );
  const measured = new Set(samples.map(({ pattern, peer, size }) => nameOf(pattern, peer, size)));
  return wanted.filter(({ pattern, peer, size }) => measured.has(nameOf(pattern, peer, size)));
}

/** Two boots: a machine that counts exactly gives the same twice. */
async function instructions(): Promise<{ metrics: Metrics; report: Report }> {
  const reports = [await countInV86(COUNTING), await countInV86(COUNTING)];
  const [report] = reports;
  if (!report) throw new Error("no boot, no report");
  const metrics: Metrics = {};
  for (const { pattern, peer, size } of cases(report)) {
    const counts = reports.map(({ samples }) => perMessage(samples, pattern, peer, size));
    if (new Set(counts).size !== 1)
      throw new Error(`${nameOf(pattern, peer, size)}: ${counts.join(" and then ")} instructions; not exact`);
    metrics[`${nameOf(pattern, peer, size)}.instructions`] = metric(counts, "instructions");
  }
  return { metrics, report };
}

/** Each round's time over that of the floor in the same round. */
function ratios(report: Report, where: string): Metrics {
  const metrics: Metrics = {};
  for (const { pattern, peer, size } of cases(report)) {
    const floor = timesOf(report.samples, pattern, "floor", size);
    const own = timesOf(report.samples, pattern, peer, size);
    const each = own.map((time, round) => time / (floor[round] ?? median(floor)));
    metrics[`${nameOf(pattern, peer, size)}.${where}_ratio`] = metric(each, "ratio");
  }
  return metrics;
}

export async function peers(): Promise<Findings> {
  const { metrics, report } = await instructions();
  Object.assign(metrics, ratios(await timeInV86(TIMING), "v86"), ratios(await timeInQemu(TIMING), "qemu"));
  const absent: Absent = {};
  for (const { pattern, peer, size, reason } of report.absences) absent[nameOf(pattern, peer, size)] = reason;
  return new Findings(metrics, absent, peerTable(metrics, absent));
}
