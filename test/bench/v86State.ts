// SPDX-License-Identifier: MIT
// What v86 itself would have saved, out of a checkpoint, which has memory apart from v86's state: for a page that has
// nothing but v86.

import * as v from "valibot";
import { concatenated } from "../../web/base/concatenated.ts";
import { CheckpointReader, type Restorable } from "../../web/machine/Checkpoint.ts";

const PAGE_BYTES = 4096;
/** Bytes before the JSON: magic, version, length of all, length of the JSON (v86: state.js). */
const PREFIX_BYTES = 16;
/** Where a CPU's state has the pages that are not all zero, and the bits that say which these are (v86: cpu.js). */
const PACKED_MEMORY = 77;
const BITMAP = 78;

const InfoSchema = v.looseObject({
  buffer_infos: v.array(v.object({ offset: v.number(), length: v.number() })),
  state: v.array(v.unknown()),
});
const BufferSchema = v.looseObject({ buffer_id: v.number() });

class Taken implements Restorable {
  readonly ram: Uint8Array;
  state = new Uint8Array();

  constructor(memoryBytes: number) {
    this.ram = new Uint8Array(memoryBytes);
  }

  restore(state: Uint8Array<ArrayBuffer>): void {
    this.state = state;
  }

  async dispose(): Promise<void> {}
}

export async function v86State(checkpoint: Uint8Array): Promise<Uint8Array> {
  await using reader = await CheckpointReader.open(checkpoint);
  const { memory, hardware } = reader.header;
  const taken = new Taken(hardware.memoryBytes);
  await reader.restoreInto(taken);
  const words = new Int32Array(taken.state.buffer, 0, PREFIX_BYTES / 4);
  const info = v.parse(InfoSchema, JSON.parse(new TextDecoder().decode(jsonOf(taken.state, words))));
  const base = aligned(PREFIX_BYTES + (words[3] ?? 0));
  const buffers = info.buffer_infos.map(({ offset, length }) =>
    taken.state.subarray(base + offset, base + offset + length),
  );
  const idOf = (index: number) => v.parse(BufferSchema, info.state[index]).buffer_id;
  buffers[idOf(PACKED_MEMORY)] = concatenated(memory.map(([from, to]) => taken.ram.subarray(from, to)));
  buffers[idOf(BITMAP)] = bitmapOf(memory, hardware.memoryBytes);
  return encoded(words, info.state, buffers);
}

function jsonOf(state: Uint8Array, words: Int32Array): Uint8Array {
  return state.subarray(PREFIX_BYTES, PREFIX_BYTES + (words[3] ?? 0));
}

function bitmapOf(
  memory: readonly (readonly [number, number])[],
  memoryBytes: number,
): Uint8Array<ArrayBuffer> {
  const bits = new Uint8Array(memoryBytes / PAGE_BYTES / 8);
  for (const [from, to] of memory)
    for (let page = from / PAGE_BYTES; page < to / PAGE_BYTES; page++)
      bits[page >> 3] = (bits[page >> 3] ?? 0) | (1 << (page & 7));
  return bits;
}

function encoded(words: Int32Array, state: unknown, buffers: readonly Uint8Array[]): Uint8Array {
  let end = 0;
  const infos = buffers.map(({ length }) => {
    const offset = end;
    end = aligned(offset + length);
    return { offset, length };
  });
  const json = new TextEncoder().encode(JSON.stringify({ buffer_infos: infos, state }));
  const base = aligned(PREFIX_BYTES + json.length);
  const bytes = new Uint8Array(base + end);
  const prefix = new Int32Array(bytes.buffer, 0, PREFIX_BYTES / 4);
  prefix.set([words[0] ?? 0, words[1] ?? 0, bytes.length, json.length]);
  bytes.set(json, PREFIX_BYTES);
  for (const [index, { offset }] of infos.entries()) bytes.set(buffers[index] ?? [], base + offset);
  return bytes;
}

function aligned(bytes: number): number {
  return (bytes + 3) & ~3;
}
