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
  /** Guest RAM. */
  readonly memorySha256: string;
  /** All that v86 saves: CPU, devices, changed disk sectors, and memory again. */
  readonly stateSha256: string;
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
  "memorySha256",
  "stateSha256",
] as const satisfies readonly (keyof Fingerprint)[];

/** The first difference as a sentence, or undefined when there is none. */
export function firstDifference(a: Fingerprint, b: Fingerprint): string | undefined {
  const field = FIELDS.find((name) => a[name] !== b[name]);
  return field && `${field} differs: ${a[field]} and ${b[field]}`;
}
