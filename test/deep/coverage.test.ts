// SPDX-License-Identifier: MIT
// Which lines and branches of fs/ddlink its tests run: the selftest, the KUnit cases, the faults and the fuzzer on one
// kernel that counts. Every line must be run, and every branch taken but those that untakenBranches.ts explains.
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { ROOT } from "../../kernel/build/paths.ts";
import { faults, fuzzer } from "../guest/ddlink/Programs.ts";
import { faultsOf, selftest } from "../guest/ddlink/Selftest.ts";
import { TestKernel } from "../guest/ddlink/TestKernel.ts";
import { coverage, type FileCoverage, type LineCount } from "./Coverage.ts";
import { differences, type Untaken } from "./Untaken.ts";
import { UNTAKEN } from "./untakenBranches.ts";

const BUILD_MS = 1_800_000;
const RUN_MS = 900_000;
const FUZZ_CALLS = 100_000;
const SOURCES = join(ROOT, "kernel/linux/fs/ddlink");
/** Tables that a macro makes. */
const NOT_COUNTED = ["trace.c"];

interface Place extends LineCount {
  readonly file: string;
  /** The source, without the space around it. */
  readonly text: string;
}

let files: FileCoverage[];
let output: string;

beforeAll(async () => {
  const names = (await readdir(SOURCES)).filter((name) => name.endsWith(".c") && !NOT_COUNTED.includes(name));
  const kernel = await TestKernel.coverage(names.map((name) => `${basename(name, ".c")}.o`));
  const programs = [...(await selftest(kernel)), await faults(kernel), await fuzzer(kernel, 1, FUZZ_CALLS)];
  output = await kernel.run(programs, RUN_MS);
  // What fails may also take other ways, or fewer.
  expect(faultsOf(output), output).toEqual([]);
  files = await coverage(output, join(kernel.build.objects, "fs/ddlink"));
  expect(
    files.map(({ name }) => name),
    output,
  ).toEqual(names.sort());
}, BUILD_MS + RUN_MS);

async function sourceOf(file: FileCoverage): Promise<string[]> {
  return (await readFile(join(SOURCES, file.name), "utf8")).split("\n").map((line) => line.trim());
}

/** Lines of all files for which `which` holds, with their source. */
async function linesWith(which: (line: LineCount) => boolean): Promise<Place[]> {
  const places: Place[] = [];
  for (const file of files) {
    const source = await sourceOf(file);
    for (const line of file.lines.filter(which))
      places.push({ ...line, file: file.name, text: source[line.line - 1] ?? "" });
  }
  return places;
}

/** Lines of a function that read the same are one. */
function untaken(places: readonly Place[]): Untaken[] {
  const ways = new Map<string, Untaken>();
  for (const { function: name, text, branches } of places) {
    const key = `${name} ${text}`;
    const never = branches.filter((count) => count === 0).length;
    ways.set(key, { in: name, at: text, ways: never + (ways.get(key)?.ways ?? 0) });
  }
  return [...ways.values()];
}

test("every line is run", async () => {
  for (const { name, lines } of files) {
    const run = lines.filter(({ count }) => count > 0).length;
    const ways = lines.flatMap(({ branches }) => branches);
    const taken = ways.filter((count) => count > 0).length;
    console.log(`${name}: ${run} of ${lines.length} lines, ${taken} of ${ways.length} branches`);
  }
  const never = await linesWith(({ count }) => count === 0);
  expect(never.map(({ file, line, text }) => `${file}:${line}: ${text}`)).toEqual([]);
});

test("every branch is taken, or it is said why not", async () => {
  const never = untaken(await linesWith(({ count, branches }) => count > 0 && branches.includes(0)));
  expect(differences(never, UNTAKEN)).toEqual([]);
});
