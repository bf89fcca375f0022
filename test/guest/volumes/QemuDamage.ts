// SPDX-License-Identifier: MIT
// Mounts every mutant of a volume in one boot and tells what the kernel made of each.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { bootQemu } from "../Qemu.ts";
import { encodeMutants, type Mutant } from "./mutate.ts";
import { volumesInit } from "./programs.ts";
import type { Volume } from "./volume.ts";

const Verdict = v.strictObject({
  mutant: v.string(),
  /** 0 or the errno of mount(2). */
  mount: v.number(),
  paths: v.number(),
  errors: v.number(),
  /** Of the last error that the dump met, else 0. */
  lastErrno: v.number(),
  ms: v.number(),
  /** The kernel's log of that time. */
  log: v.array(v.string()),
});

export type Verdict = v.InferOutput<typeof Verdict>;

const MUTANTS_MODE = 0o644;

/** Rejects, with the kernel's last words, when the guest dies or hangs. */
export async function damageInQemu(
  volume: Volume,
  mutants: readonly Mutant[],
  timeoutMs: number,
): Promise<Verdict[]> {
  const folder = await mkdtemp(join(tmpdir(), "ddlab-damage-"));
  try {
    const disk = join(folder, `${volume.name}.img`);
    await writeFile(disk, volume.image);
    const list = { name: "mutants", mode: MUTANTS_MODE, data: Buffer.from(encodeMutants(mutants)) };
    const files = [await volumesInit(), list];
    const output = await bootQemu({ files, init: "/volumes", disks: [disk], timeoutMs });
    const lines = output.port.split("\n");
    if (!lines.includes('{"done":true}'))
      throw new Error(
        `the guest gave up at ${lines.filter(Boolean).at(-1)}:\n${output.console.slice(-3000)}`,
      );
    return lines
      .filter((line) => line.startsWith('{"mutant"'))
      .map((line) => v.parse(Verdict, JSON.parse(line)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
