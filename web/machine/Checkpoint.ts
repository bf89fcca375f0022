// SPDX-License-Identifier: MIT
/**
 * The bytes of a checkpoint: MAGIC, header length (u32 little-endian), header (JSON), v86's saved state, memory.
 * The header says what the state belongs to and holds what v86 forgets; README.md describes it field by field.
 */
import * as v from "valibot";
import { concatenated } from "../base/concatenated.ts";
import { ByteReader } from "./ByteReader.ts";
import { inflated, isGzip } from "./gzip.ts";
import type { Hardware } from "./Machine.ts";
import { LOW_MEMORY_BYTES, V86_VERSION, V86_WASM_SHA256 } from "./v86.ts";

const MAGIC = new TextEncoder().encode("DDLABCK2");
const PREFIX_BYTES = MAGIC.length + 4;

const PAGE_BYTES = 4096;
const MIB = 1 << 20;
const MAX_HEADER_BYTES = 8 * MIB;
const MAX_STATE_BYTES = 256 * MIB;
/** v86 takes no more. */
const MAX_MEMORY_BYTES = 2048 * MIB;

/** Of what room is made for before it has come. */
function bytesUpTo(most: number) {
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
    memoryBytes: bytesUpTo(MAX_MEMORY_BYTES),
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
  stateBytes: bytesUpTo(MAX_STATE_BYTES),
  /** The pages of memory that are not all zero: from and to, in bytes, ascending. */
  memory: v.array(v.tuple([bytesUpTo(MAX_MEMORY_BYTES), bytesUpTo(MAX_MEMORY_BYTES)])),
});

/** The part of an emulator that a checkpoint is read into. `ram` is as v86 leaves it, and has its content when `restore` is called. */
export interface Restorable {
  readonly ram: Uint8Array;
  restore(state: Uint8Array, leftovers: CheckpointHeader["leftovers"]): void;
  dispose(): Promise<void>;
}

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
  if (json.length > MAX_HEADER_BYTES || state.length > MAX_STATE_BYTES)
    throw new Error(
      `this machine is too large to be saved: its state has ${state.length} bytes, and memory lies in ${header.memory.length} pieces`,
    );
  const lengthBytes = new Uint8Array(4);
  new DataView(lengthBytes.buffer).setUint32(0, json.length, true);
  const memory = header.memory.map(([from, to]) => ram.subarray(from, to));
  return concatenated([MAGIC, lengthBytes, json, state, ...memory]);
}

/**
 * Reads a checkpoint in the order of its bytes, so that none of it is held twice: its memory goes straight into that of
 * an emulator. Everything throws one sentence if what comes is not what the header says.
 */
export class CheckpointReader implements AsyncDisposable {
  readonly header: CheckpointHeader;
  readonly #bytes: ByteReader;

  private constructor(header: CheckpointHeader, bytes: ByteReader) {
    this.header = header;
    this.#bytes = bytes;
  }

  /** `bytes`: raw or gzip-compressed. */
  static async open(bytes: Uint8Array): Promise<CheckpointReader> {
    const reader = new ByteReader("checkpoint", isGzip(bytes) ? inflated(bytes) : bytes);
    try {
      return new CheckpointReader(await readHeader(reader), reader);
    } catch (error) {
      await reader.cancel();
      throw error;
    }
  }

  /** Into one that has never run, of the hardware that the header names. One that this fails for is disposed of. */
  async restoreInto(emulator: Restorable): Promise<void> {
    try {
      const state = await this.#bytes.take(this.header.stateBytes);
      await this.#memoryInto(emulator.ram);
      emulator.restore(state, this.header.leftovers);
    } catch (error) {
      await emulator.dispose();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#bytes.cancel();
  }

  async #memoryInto(ram: Uint8Array): Promise<void> {
    ram.fill(0, 0, LOW_MEMORY_BYTES);
    let end = 0;
    for (const [from, to] of this.header.memory) {
      if (from < end || from >= to || to > ram.length || (from | to) % PAGE_BYTES !== 0)
        throw new Error(`the checkpoint is damaged: it has no memory from byte ${from} to ${to}`);
      await this.#bytes.takeInto(ram.subarray(from, to));
      end = to;
    }
    await this.#bytes.end();
  }
}

async function readHeader(reader: ByteReader): Promise<CheckpointHeader> {
  const prefix = await reader.take(PREFIX_BYTES);
  if (MAGIC.some((byte, i) => prefix[i] !== byte))
    throw new Error(
      "this is not a checkpoint of this version: its first bytes differ; boot cold or make a new one",
    );
  const length = new DataView(prefix.buffer).getUint32(MAGIC.length, true);
  if (length > MAX_HEADER_BYTES)
    throw new Error(`the checkpoint's header is damaged: it has ${length} bytes`);
  return parseHeader(await reader.take(length));
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
