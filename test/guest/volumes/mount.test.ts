// SPDX-License-Identifier: MIT
// What a Tux3 mount does apart from showing its tree: read-only, links and their end, files too large for the machine.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { expect, it } from "vitest";
import { bootQemu } from "../Qemu.ts";
import { volumesInit } from "./programs.ts";
import { loadVolume } from "./volume.ts";

const BOOT_MS = 120_000;
/** Where the example volume has the size of /link, inode 65: block 63, byte 0xa6. */
const SIZE_OFFSET = 63 * 512 + 0xa6;
const SIZE = 600n;
const HUGE = 1n << 45n;

const Check = v.strictObject({ check: v.string(), got: v.number(), want: v.number() });

it("serves links, refuses writers and tells what it cannot address", async () => {
  const { image } = await loadVolume("example");
  const huge = Buffer.from(image);
  expect(huge.readBigUInt64BE(SIZE_OFFSET)).toBe(SIZE);
  huge.writeBigUInt64BE(HUGE, SIZE_OFFSET);
  const folder = await mkdtemp(join(tmpdir(), "ddlab-mount-"));
  try {
    const disks = [join(folder, "plain"), join(folder, "huge")];
    await writeFile(join(folder, "plain"), image);
    await writeFile(join(folder, "huge"), huge);
    const files = [await volumesInit(), { name: "checks", mode: 0o644, data: new Uint8Array() }];
    const output = await bootQemu({ files, init: "/volumes", disks, timeoutMs: BOOT_MS });
    const lines = output.port.split("\n").filter((line) => line.startsWith('{"check"'));
    const checks = lines.map((line) => v.parse(Check, JSON.parse(line)));
    expect(checks.filter(({ got, want }) => got !== want)).toEqual([]);
    expect(checks.length).toBeGreaterThan(0);
    expect(output.port).toContain('{"done":true}');
    expect(output.console).toContain("sda: mounted read-only, writing is not supported");
    expect(output.console).not.toMatch(/BUG|WARNING|Oops|Call Trace/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
