// SPDX-License-Identifier: MIT
// The test programs of this folder: where their sources are, and what they are run with.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../../../kernel/build/paths.ts";
import type { Program, TestKernel } from "./TestKernel.ts";

const FOLDER = "test/guest/ddlink";

/** A program of several sources has a folder of its own. */
async function sourcesOf(name: string): Promise<string[]> {
  const folder = `${FOLDER}/${name}`;
  const names = await readdir(join(ROOT, folder));
  return names.filter((one) => one.endsWith(".c")).map((one) => `${folder}/${one}`);
}

/** Random calls against a model: so many of them, from this seed on. */
export async function fuzzer(kernel: TestKernel, seed: number, calls: number): Promise<Program> {
  return { file: await kernel.program("fuzz", await sourcesOf("fuzz")), args: [`${seed}`, `${calls}`] };
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
  return { file: await kernel.program("faults", await sourcesOf("faults")) };
}
