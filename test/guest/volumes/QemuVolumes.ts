// SPDX-License-Identifier: MIT
// Volumes as IDE disks of a PC in QEMU, two at a time.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { bootQemu, type QemuBoot, type QemuOutput } from "../Qemu.ts";
import { volumesInit } from "./programs.ts";
import type { Volume } from "./volume.ts";

const DISKS = ["sda", "sdb"] as const;
const BOOT_MS = 300_000;

const Begin = v.object({ disk: v.string(), mount: v.number() });

/** What init.c says between the begin and the end of a disk. */
function linesOf(disk: string, output: QemuOutput): string[] {
  const lines = output.port.split("\n");
  const begin = lines.findIndex((line) => line.startsWith(`{"disk":"${disk}"`));
  const end = lines.indexOf(`{"end":"${disk}"}`);
  if (begin < 0 || end < begin)
    throw new Error(`the guest said nothing about ${disk}:\n${output.console.slice(-2000)}`);
  const { mount } = v.parse(Begin, JSON.parse(lines[begin] ?? ""));
  if (mount !== 0)
    throw new Error(`${disk} was not mounted (errno ${mount}):\n${output.console.slice(-2000)}`);
  return lines.slice(begin + 1, end);
}

/** The dumps of one or two volumes, in their order, and all that the kernel said. */
export async function dumpInQemu(
  volumes: readonly Volume[],
  machine: Partial<QemuBoot> = {},
): Promise<{ dumps: string[][]; console: string }> {
  const folder = await mkdtemp(join(tmpdir(), "ddlab-volumes-"));
  try {
    const disks = volumes.map(({ name }) => join(folder, `${name}.img`));
    await Promise.all(volumes.map(({ image }, i) => writeFile(disks[i] ?? "", image)));
    const files = [await volumesInit()];
    const output = await bootQemu({ ...machine, files, init: "/volumes", disks, timeoutMs: BOOT_MS });
    return { dumps: volumes.map((_, i) => linesOf(DISKS[i] ?? "", output)), console: output.console };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
