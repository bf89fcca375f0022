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

/** What an emulator does with it. */
class Target {
  readonly ram = new Uint8Array(6 * PAGE).fill(9, 100, 200); // as v86 leaves something there
  state: Uint8Array | null = null;
  disposed = false;

  restore(bytes: Uint8Array): void {
    this.state = bytes;
  }

  async dispose(): Promise<void> {
    this.disposed = true;
  }
}

async function restored(bytes: Uint8Array, target = new Target()): Promise<Uint8Array> {
  await using reader = await CheckpointReader.open(bytes);
  await reader.restoreInto(target);
  expect(target.state).toEqual(state);
  expect(target.disposed).toBe(false);
  return target.ram;
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

  test.each<[string, [number, number][]]>([
    ["beyond the machine's", [[5 * PAGE, 7 * PAGE]]],
    ["that ends before it begins", [[2 * PAGE, PAGE]]],
    [
      "that overlaps",
      [
        [PAGE, 3 * PAGE],
        [2 * PAGE, 4 * PAGE],
      ],
    ],
    ["that is not whole pages", [[PAGE, 2 * PAGE + 8]]],
  ])("with memory %s is refused, and the emulator let go", async (_, memory) => {
    const bytes = encodeCheckpoint({ ...header, memory }, state, new Uint8Array(8 * PAGE));
    const target = new Target();
    await expect(restored(bytes, target)).rejects.toThrow("the checkpoint is damaged: it has no memory");
    expect(target.disposed).toBe(true);
  });

  test("that nobody could read is not made", () => {
    const large = { ...header, commandLine: "x".repeat(9 << 20) };
    expect(() => encodeCheckpoint(large, state, filled())).toThrow("too large to be saved");
  });

  test.each([
    { stateBytes: 1e12 },
    { stateBytes: -1 },
    { hardware: { ...DEFAULT_HARDWARE, memoryBytes: 1e12 } },
    { memory: [[0.5, PAGE]] },
  ])("that claims %j is refused before room is made for it", async (claim) => {
    const bytes = encodeCheckpoint({ ...header, ...claim } as CheckpointHeader, state, filled());
    await expect(CheckpointReader.open(bytes)).rejects.toThrow("the checkpoint's header is damaged");
  });

  test("with a header of gigabytes is refused", async () => {
    const bytes = encodeCheckpoint(header, state, filled());
    new DataView(bytes.buffer).setUint32(8, 0xffffffff, true);
    await expect(CheckpointReader.open(bytes)).rejects.toThrow("the checkpoint's header is damaged");
  });
});
