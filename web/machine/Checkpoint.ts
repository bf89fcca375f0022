// SPDX-License-Identifier: MIT
/**
 * The bytes of a checkpoint: MAGIC, header length (u32 little-endian), header (JSON), v86's saved state.
 * The header says what the state belongs to and holds what v86 forgets; README.md describes it field by field.
 */
import * as v from "valibot";
import { gunzip, isGzip } from "./gzip.ts";
import type { Hardware } from "./Machine.ts";
import { V86_VERSION, V86_WASM_SHA256 } from "./v86.ts";

const MAGIC = new TextEncoder().encode("DDLABCK1");
const PREFIX_BYTES = MAGIC.length + 4;

const HashStateSchema = v.object({
  words: v.pipe(v.array(v.number()), v.length(8)),
  rest: v.pipe(v.array(v.number()), v.maxLength(63)),
  length: v.number(),
});

const HeaderSchema = v.object({
  v86: v.string(),
  v86WasmSha256: v.string(),
  hardware: v.object({
    memoryBytes: v.number(),
    mips: v.number(),
    seed: v.number(),
    epochMs: v.number(),
    jit: v.boolean(),
  }),
  /** "" where it is not known. */
  kernelSha256: v.string(),
  commandLine: v.string(),
  volumeBytes: v.number(),
  volumeSha256: v.string(),
  leftovers: v.object({
    instructions: v.number(),
    counter: v.number(),
    idleMs: v.number(),
    ticks: v.number(),
    jitModules: v.number(),
    random: v.number(),
    lastResult: v.number(),
    mxcsr: v.number(),
    fpuStatus: v.number(),
    consoleUnread: v.array(v.number()),
    bridgeUnread: v.array(v.number()),
  }),
  /** Idle time that the guest had asked for and not yet got. */
  pendingIdleMs: v.number(),
  consoleOutput: HashStateSchema,
  bridgeOutput: HashStateSchema,
  stateBytes: v.number(),
});

export type CheckpointHeader = v.InferOutput<typeof HeaderSchema>;

/** What a checkpoint must have been made with to be used here; undefined = not known here, not compared. */
export interface Expected {
  readonly kernelSha256: string | undefined;
  readonly volumeBytes: number;
  readonly volumeSha256: string | undefined;
  readonly hardware: Partial<Hardware>;
}

export function encodeCheckpoint(header: CheckpointHeader, state: Uint8Array): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(PREFIX_BYTES + json.length + state.length);
  bytes.set(MAGIC);
  new DataView(bytes.buffer).setUint32(MAGIC.length, json.length, true);
  bytes.set(json, PREFIX_BYTES);
  bytes.set(state, PREFIX_BYTES + json.length);
  return bytes;
}

export async function decodeCheckpoint(
  bytes: Uint8Array,
): Promise<{ header: CheckpointHeader; state: Uint8Array }> {
  const raw = isGzip(bytes) ? await gunzip(bytes) : bytes;
  if (raw.length < PREFIX_BYTES || MAGIC.some((byte, i) => raw[i] !== byte))
    throw new Error(
      "this is not a checkpoint of this version: its first bytes differ; boot cold or make a new one",
    );
  const length = new DataView(raw.buffer, raw.byteOffset).getUint32(MAGIC.length, true);
  const header = parseHeader(raw.subarray(PREFIX_BYTES, PREFIX_BYTES + length));
  const state = raw.subarray(PREFIX_BYTES + length);
  if (state.length !== header.stateBytes)
    throw new Error(
      `the checkpoint is cut off: ${state.length} of ${header.stateBytes} bytes of state are there`,
    );
  return { header, state };
}

function parseHeader(json: Uint8Array): CheckpointHeader {
  try {
    return v.parse(HeaderSchema, JSON.parse(new TextDecoder().decode(json)));
  } catch (error) {
    throw new Error(`the checkpoint's header is damaged: ${error}`);
  }
}

/** Throws one sentence about the first thing that differs. */
export function requireSame(header: CheckpointHeader, expected: Expected): void {
  const pairs: [what: string, then: unknown, now: unknown][] = [
    ["v86 release", header.v86, V86_VERSION],
    ["v86.wasm", header.v86WasmSha256, V86_WASM_SHA256],
    ["kernel image", header.kernelSha256, expected.kernelSha256],
    ["volume size", header.volumeBytes, expected.volumeBytes],
    ["volume", header.volumeSha256, expected.volumeSha256],
    ...Object.entries(expected.hardware).map(([name, now]): [string, unknown, unknown] => [
      name,
      Reflect.get(header.hardware, name),
      now,
    ]),
  ];
  const other = pairs.find(([, then, now]) => now !== undefined && then !== now);
  if (other)
    throw new Error(
      `the checkpoint was made with another ${other[0]} (${other[1]}, here ${other[2]}); boot cold or make a new one`,
    );
}
