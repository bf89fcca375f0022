// SPDX-License-Identifier: MIT
// The kernel's own selftest of ddlink: one program for each subject, as its Makefile lists them.
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { ROOT } from "../../../kernel/build/paths.ts";
import { resultsOf } from "./Harness.ts";
import type { Program, TestKernel } from "./TestKernel.ts";

const FOLDER = "tools/testing/selftests/ddlink";
/** Of all programs. Written down, so that none gets lost unseen. */
export const CASES = 142;
/** The kernel's test harness is not clean under the project's own warnings. */
const HARNESS_FLAGS = ["extra", "sign-compare", "unused-parameter", "clobbered", "pointer-to-int-cast"].map(
  (name) => `-Wno-${name}`,
);

/** TEST_GEN_PROGS of its Makefile. */
async function programNames(): Promise<string[]> {
  const text = await readFile(join(ROOT, "kernel/linux", FOLDER, "Makefile"), "utf8");
  const [, list = ""] = /^TEST_GEN_PROGS := ((?:.*\\\n)*.*)$/m.exec(text) ?? [];
  return list.split(/[\s\\]+/);
}

/** The sources that no program of the Makefile is made from. */
export async function forgottenSources(): Promise<string[]> {
  const names = await programNames();
  const sources = (await readdir(join(ROOT, "kernel/linux", FOLDER))).filter((name) => name.endsWith(".c"));
  return sources.filter((name) => !names.includes(basename(name, ".c")));
}

async function compiled(kernel: TestKernel, name: string, bits: 32 | 64): Promise<Program> {
  const source = join(kernel.build.tree, FOLDER, `${name}.c`);
  const file =
    bits === 32
      ? await kernel.program(name, [source], HARNESS_FLAGS)
      : await kernel.program64(`${name}-64`, [source], HARNESS_FLAGS);
  return { file };
}

/** All its programs, compiled for a kernel. */
export async function selftest(kernel: TestKernel, bits: 32 | 64 = 32): Promise<Program[]> {
  const programs: Program[] = [];
  for (const name of await programNames()) programs.push(await compiled(kernel, name, bits));
  return programs;
}

/** What is wrong with a run of all programs, of which the last words in `output` are init's. */
export function faultsOf(output: string): string[] {
  const { ok, failed, skipped, planned } = resultsOf(output);
  const unfinished = output.match(/^init: \S+ ended with status (?!0$)-?\d+/gm) ?? [];
  const counts =
    planned === CASES && ok.length === CASES ? [] : [`${ok.length} of ${planned} cases are ok, not ${CASES}`];
  return [...failed, ...skipped, ...unfinished, ...counts];
}
