// SPDX-License-Identifier: MIT
/**
 * The bytes of a checkpoint: MAGIC, header length (u32 little-endian), header (JSON), v86's saved state, memory.
 * The header says what the state belongs to and holds what v86 forgets; README.md describes it field by field.
 */
import * as v from "valibot";
import { joined } from "../base/joined.ts";
import { ByteReader } from "./ByteReader.ts";
import { inflated, isGzip } from "./gzip.ts";
import type { Hardware } from "./Machine.ts";
import { V86_VERSION, V86_WASM_SHA256 } from "./v86.ts";

const MAGIC = new TextEncoder().encode("DDLABCK2");
const PREFIX_BYTES = MAGIC.length + 4;

const MIB = 1 << 20;
const MAX_HEADER_BYTES = MIB;

/** Of something that is in a checkpoint, or is to be made room for. */
function length(most: number) {
  return v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(most));
}

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
  stateBytes: length(64 * MIB),
  /** What of memory is not all zero: from and to, in bytes. */
  memory: v.array(v.tuple([length(4096 * MIB), length(4096 * MIB)])),
});

export type CheckpointHeader = v.InferOutput<typeof HeaderSchema>;

/** What a checkpoint must have been made with to be used here; undefined = not known here, not compared. */
export interface Expected {
  readonly kernelSha256: string | undefined;
  readonly volumeBytes: number;
  readonly volumeSha256: string | undefined;
  readonly hardware: Partial<Hardware>;
}

export function encodeCheckpoint(header: CheckpointHeader, state: Uint8Array, ram: Uint8Array): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const lengthBytes = new Uint8Array(4);
  new DataView(lengthBytes.buffer).setUint32(0, json.length, true);
  const memory = header.memory.map(([from, to]) => ram.subarray(from, to));
  return joined([MAGIC, lengthBytes, json, state, ...memory]);
}

/**
 * Reads a checkpoint in the order of its bytes, so that none of it is held twice: its memory goes straight into that of
 * an emulator. Everything throws one sentence if what comes is not what the header says.
 */
export class CheckpointReader {
  readonly header: CheckpointHeader;
  readonly #bytes: ByteReader;

  private constructor(header: CheckpointHeader, bytes: ByteReader) {
    this.header = header;
    this.#bytes = bytes;
  }

  /** `bytes`: raw or gzip-compressed. */
  static async open(bytes: Uint8Array): Promise<CheckpointReader> {
    const reader = new ByteReader("checkpoint", isGzip(bytes) ? inflated(bytes) : bytes);
    const prefix = await reader.take(PREFIX_BYTES);
    if (MAGIC.some((byte, i) => prefix[i] !== byte))
      throw new Error(
        "this is not a checkpoint of this version: its first bytes differ; boot cold or make a new one",
      );
    const length = new DataView(prefix.buffer, prefix.byteOffset).getUint32(MAGIC.length, true);
    if (length > MAX_HEADER_BYTES)
      throw new Error(`the checkpoint's header is damaged: it has ${length} bytes`);
    return new CheckpointReader(parseHeader(await reader.take(length)), reader);
  }

  /** To be called once, before `memoryInto`. */
  state(): Promise<Uint8Array> {
    return this.#bytes.take(this.header.stateBytes);
  }

  /** `ram`: zeroed, and of the size that the checkpoint was made with. */
  async memoryInto(ram: Uint8Array): Promise<void> {
    for (const [from, to] of this.header.memory) {
      if (from >= to || to > ram.length)
        throw new Error(`the checkpoint is damaged: it has no memory from byte ${from} to ${to}`);
      await this.#bytes.takeInto(ram.subarray(from, to));
    }
    await this.#bytes.end();
  }
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
