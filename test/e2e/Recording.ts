// SPDX-License-Identifier: MIT
// A run of the guest in Node (recordRun.ts), for other engines to repeat.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import * as v from "valibot";
import type { Fingerprint } from "../../web/machine/Fingerprint.ts";

/** About half a minute of CPU time, on computers that may be busy. */
export const RECORD_MS = 230_000;
const MOST_OUTPUT_BYTES = 1 << 24;

const FingerprintSchema: v.GenericSchema<unknown, Fingerprint> = v.object({
  ticks: v.number(),
  instructions: v.number(),
  guestMs: v.number(),
  jitModules: v.number(),
  consoleBytes: v.number(),
  consoleSha256: v.string(),
  bridgeBytes: v.number(),
  bridgeSha256: v.string(),
  memorySha256: v.string(),
  stateSha256: v.string(),
});

const RecordingSchema = v.object({
  /** Inputs from power-on to the end, as JSON. */
  log: v.string(),
  live: FingerprintSchema,
  /** Of the log run again in a fresh machine in Node. */
  replayed: FingerprintSchema,
  /** The log with one byte changed. */
  changedLog: v.string(),
  /** Of the changed log, in Node. */
  changed: FingerprintSchema,
});

export type Recording = v.InferOutput<typeof RecordingSchema>;

export async function record(): Promise<Recording> {
  const script = fileURLToPath(new URL("recordRun.ts", import.meta.url));
  const limits = { timeout: RECORD_MS, maxBuffer: MOST_OUTPUT_BYTES };
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", script], limits);
  return v.parse(RecordingSchema, JSON.parse(stdout));
}

/** Runs the log again through the page's `ddlab`, in whichever browser evaluates. */
export async function replay(
  log: string,
  evaluate: (expression: string) => Promise<unknown>,
): Promise<Fingerprint> {
  const json = await evaluate(`ddlab.replayFingerprint(${JSON.stringify(log)}).then(JSON.stringify)`);
  return v.parse(FingerprintSchema, JSON.parse(v.parse(v.string(), json)));
}
