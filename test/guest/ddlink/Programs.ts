// SPDX-License-Identifier: MIT
// The test programs of this folder: where their sources are, and what they are run with.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../../../kernel/build/paths.ts";
import type { Program, TestKernel } from "./TestKernel.ts";

const FOLDER = "test/guest/ddlink";

/** Random calls against a model: so many of them, from this seed on. */
export async function fuzzer(kernel: TestKernel, seed: number, calls: number): Promise<Program> {
  const names = await readdir(join(ROOT, FOLDER, "fuzz"));
  const sources = names.filter((name) => name.endsWith(".c")).map((name) => `${FOLDER}/fuzz/${name}`);
  return { file: await kernel.program("fuzz", sources), args: [`${seed}`, `${calls}`] };
}

/** Writers and readers of one link. */
export async function crowd(
  kernel: TestKernel,
  items: number,
  writers: number,
  readers: number,
): Promise<Program> {
  const file = await kernel.program("crowd", [`${FOLDER}/crowd.c`]);
  return { file, args: [items, writers, readers].map(String) };
}

/** Every allocation and copy of every call, failed once. */
export async function faults(kernel: TestKernel): Promise<Program> {
  return { file: await kernel.program("faults", [`${FOLDER}/faults.c`]) };
}
