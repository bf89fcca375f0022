// SPDX-License-Identifier: MIT
// What a bench part gives: named metrics, each the median of its runs.

export type Unit = "instructions" | "ms" | "bytes" | "bytes/s" | "ratio" | "events/s" | "lines";

export interface Metric {
  readonly value: number;
  readonly unit: Unit;
  /** How many measurements the value is the median of. */
  readonly runs: number;
  readonly min: number;
  readonly max: number;
}

export type Metrics = Record<string, Metric>;

/** What a part found where metrics alone do not tell all. */
export class Findings {
  readonly metrics: Metrics;
  /** Names of metrics that cannot be, with the reason. */
  readonly absent: Record<string, string>;
  /** The metrics as a reader wants them. */
  readonly text: string;

  constructor(metrics: Metrics, absent: Record<string, string> = {}, text = "") {
    this.metrics = metrics;
    this.absent = absent;
    this.text = text;
  }
}

/** The middle value; of an even number of them, the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1];
  const high = sorted[Math.floor(middle)];
  if (low === undefined || high === undefined) throw new Error("no measurement, no median");
  return (low + high) / 2;
}

/** The value that `part` percent of the values do not exceed. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil((sorted.length * part) / 100) - 1)];
  if (value === undefined) throw new Error("no measurement, no percentile");
  return value;
}

export function metric(values: readonly number[], unit: Unit): Metric {
  const exact = unit !== "ms" && unit !== "ratio";
  const round = (value: number) => (exact ? Math.round(value) : Math.round(value * 1000) / 1000);
  return {
    value: round(median(values)),
    unit,
    runs: values.length,
    min: round(Math.min(...values)),
    max: round(Math.max(...values)),
  };
}

/** Runs a measurement several times, one after the other. */
export async function repeat<T>(times: number, measure: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let i = 0; i < times; i++) results.push(await measure());
  return results;
}
