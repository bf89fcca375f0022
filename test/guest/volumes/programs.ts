// SPDX-License-Identifier: MIT
// The test programs of this folder, compiled for the guest (static, i386) once per test run.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toolchain } from "../../../kernel/build/programs.ts";
import type { InitramfsFile } from "../Initramfs.ts";

const FOLDER = "test/guest/volumes";
const DUMP = ["dump.c", "sha256.c"];
const SOURCES = { treedump: ["treedump.c", ...DUMP], init: ["init.c", "checks.c", "damage.c", ...DUMP] };
const EXECUTABLE = 0o755;
/** No header of the kernel's own is needed. */
const NO_HEADERS = "/nonexistent";

async function build(name: keyof typeof SOURCES): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "ddlab-programs-"));
  try {
    const { compile } = await toolchain(NO_HEADERS);
    const output = join(folder, name);
    await compile(
      SOURCES[name].map((file) => `${FOLDER}/${file}`),
      output,
    );
    return await readFile(output);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const built = new Map<string, Promise<Uint8Array>>();

function compile(name: keyof typeof SOURCES): Promise<Uint8Array> {
  const program = built.get(name) ?? build(name);
  built.set(name, program);
  return program;
}

export const treedump = (): Promise<Uint8Array> => compile("treedump");

/** init.c as the guest's file /volumes. */
export async function volumesInit(): Promise<InitramfsFile> {
  return { name: "volumes", mode: EXECUTABLE, data: await compile("init") };
}
