// SPDX-License-Identifier: MIT
import { describe, expect, test } from "vitest";
import { type CheckpointHeader, CheckpointReader, encodeCheckpoint } from "./Checkpoint.ts";
import { gzip } from "./gzip.ts";
import { DEFAULT_HARDWARE } from "./Machine.ts";

const PAGE = 4096;
const hash = { words: Array(8).fill(0), rest: [], length: 0 };
const header: CheckpointHeader = {
  v86: "1",
  v86WasmSha256: "",
  hardware: DEFAULT_HARDWARE,
  kernelSha256: "",
  commandLine: "",
  volumeBytes: 0,
  volumeSha256: "",
  leftovers: {
    instructions: 0,
    counter: 0,
    idleMs: 0,
    ticks: 0,
    jitModules: 0,
    random: 1,
    lastResult: 0,
    mxcsr: 0,
    fpuStatus: 0,
    consoleUnread: [],
    bridgeUnread: [],
  },
  pendingIdleMs: 0,
  consoleOutput: hash,
  bridgeOutput: hash,
  stateBytes: 3,
  memory: [
    [PAGE, 2 * PAGE],
    [3 * PAGE, 5 * PAGE],
  ],
};
const state = Uint8Array.of(1, 2, 3);

function filled(): Uint8Array {
  const ram = new Uint8Array(6 * PAGE);
  for (const [from, to] of header.memory) for (let at = from; at < to; at++) ram[at] = 1 + (at % 251);
  return ram;
}

async function restored(bytes: Uint8Array, size = 6 * PAGE): Promise<Uint8Array> {
  const reader = await CheckpointReader.open(bytes);
  expect(await reader.state()).toEqual(state);
  const ram = new Uint8Array(size);
  await reader.memoryInto(ram);
  return ram;
}

describe("a checkpoint", () => {
  test("gives its memory back where it was, compressed or not", async () => {
    const bytes = encodeCheckpoint(header, state, filled());
    expect(await restored(bytes)).toEqual(filled());
    expect(await restored(await gzip(bytes))).toEqual(filled());
  });

  test("that was damaged on its way is refused", async () => {
    const bytes = await gzip(encodeCheckpoint(header, state, filled()));
    const last = bytes.length - 1;
    await expect(restored(bytes.subarray(0, last))).rejects.toThrow(/^the checkpoint is damaged: /);
    bytes.set([(bytes[last - 6] ?? 0) ^ 1], last - 6); // its checksum
    await expect(restored(bytes)).rejects.toThrow(/^the checkpoint is damaged: /);
  });

  test.each([
    ["beyond the machine's", [[5 * PAGE, 7 * PAGE]]],
    ["that ends before it begins", [[2 * PAGE, PAGE]]],
  ])("with memory %s is refused", async (_, memory) => {
    const wrong = { ...header, memory: memory.map(([from = 0, to = 0]): [number, number] => [from, to]) };
    const bytes = encodeCheckpoint(wrong, state, new Uint8Array(8 * PAGE));
    await expect(restored(bytes)).rejects.toThrow("the checkpoint is damaged: it has no memory from byte");
  });

  test.each([{ stateBytes: 1e12 }, { stateBytes: -1 }, { memory: [[0.5, PAGE]] }])(
    "that claims %j is refused before room is made for it",
    async (claim) => {
      const bytes = encodeCheckpoint({ ...header, ...claim } as CheckpointHeader, state, filled());
      await expect(CheckpointReader.open(bytes)).rejects.toThrow("the checkpoint's header is damaged");
    },
  );

  test("with a header of gigabytes is refused", async () => {
    const bytes = encodeCheckpoint(header, state, filled());
    new DataView(bytes.buffer).setUint32(8, 0xffffffff, true);
    await expect(CheckpointReader.open(bytes)).rejects.toThrow("the checkpoint's header is damaged");
  });
});
