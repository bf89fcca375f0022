// SPDX-License-Identifier: MIT
// Which lines and branches of fs/ddlink its tests run: the selftest, the KUnit cases, the faults and the fuzzer on one
// kernel that counts. Every line must be run; branches that were never taken are printed.
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { ROOT } from "../../kernel/build/paths.ts";
import { faults, fuzzer } from "../guest/ddlink/Programs.ts";
import { selftest } from "../guest/ddlink/Selftest.ts";
import { TestKernel } from "../guest/ddlink/TestKernel.ts";
import { coverage, type FileCoverage } from "./Coverage.ts";

const BUILD_MS = 1_800_000;
const RUN_MS = 900_000;
const FUZZ_CALLS = 100_000;
const SOURCES = join(ROOT, "kernel/linux/fs/ddlink");
/** Tests, and tables that a macro makes. */
const NOT_COUNTED = ["ddlink_kunit.c", "trace.c"];

interface Place {
  readonly file: string;
  readonly line: number;
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
  files = await coverage(output, join(kernel.build.objects, "fs/ddlink"));
  expect(
    files.map(({ name }) => name),
    output,
  ).toEqual(names.sort());
}, BUILD_MS + RUN_MS);

async function placesOf(file: FileCoverage, which: (line: FileCoverage["lines"][number]) => boolean) {
  const source = (await readFile(join(SOURCES, file.name), "utf8")).split("\n");
  return file.lines.filter(which).map(
    ({ line }): Place => ({
      file: file.name,
      line,
      text: (source[line - 1] ?? "").trim(),
    }),
  );
}

async function allPlaces(which: (line: FileCoverage["lines"][number]) => boolean): Promise<Place[]> {
  return (await Promise.all(files.map((file) => placesOf(file, which)))).flat();
}

const told = ({ file, line, text }: Place) => `${file}:${line}: ${text}`;

test("every line is run", async () => {
  for (const { name, lines } of files) {
    const run = lines.filter(({ count }) => count > 0).length;
    const ways = lines.flatMap(({ branches }) => branches);
    const taken = ways.filter((count) => count > 0).length;
    console.log(`${name}: ${run} of ${lines.length} lines, ${taken} of ${ways.length} branches`);
  }
  const untaken = await allPlaces(({ count, branches }) => count > 0 && branches.includes(0));
  console.log(`branches never taken:\n${untaken.map(told).join("\n")}`);
  expect((await allPlaces(({ count }) => count === 0)).map(told)).toEqual([]);
});
