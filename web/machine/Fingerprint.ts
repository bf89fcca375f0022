// SPDX-License-Identifier: MIT
/** What two runs must agree on, and the way to say where they do not. */
export interface Fingerprint {
  readonly ticks: number;
  readonly instructions: number;
  readonly guestMs: number;
  readonly jitModules: number;
  /** Bytes sent by the guest and their SHA-256, from power-on (or from the checkpoint) to now. */
  readonly consoleBytes: number;
  readonly consoleSha256: string;
  readonly bridgeBytes: number;
  readonly bridgeSha256: string;
  /** CPU registers and every other saved state of CPU and devices, without memory. */
  readonly cpuSha256: string;
  readonly memorySha256: string;
  /** Sectors that differ from the volume. */
  readonly diskSha256: string;
}

/** Cheap and early differences first: they explain the later ones. */
const FIELDS = [
  "ticks",
  "instructions",
  "guestMs",
  "jitModules",
  "consoleBytes",
  "consoleSha256",
  "bridgeBytes",
  "bridgeSha256",
  "diskSha256",
  "cpuSha256",
  "memorySha256",
] as const satisfies readonly (keyof Fingerprint)[];

/** The first difference as a sentence, or undefined when there is none. */
export function firstDifference(a: Fingerprint, b: Fingerprint): string | undefined {
  const field = FIELDS.find((name) => a[name] !== b[name]);
  return field && `${field} differs: ${a[field]} and ${b[field]}`;
}
