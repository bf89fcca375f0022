// SPDX-License-Identifier: MIT
// From the counters that a kernel printed to the lines and branches of its sources, by gcov.
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import * as v from "valibot";
import { run } from "../../kernel/build/run.ts";

const Report = v.object({
  files: v.array(
    v.object({
      file: v.string(),
      lines: v.array(
        v.object({
          line_number: v.number(),
          function_name: v.optional(v.string(), ""),
          count: v.number(),
          branches: v.array(v.object({ count: v.number() })),
        }),
      ),
    }),
  ),
});

export interface LineCount {
  readonly line: number;
  /** That the line stands in; empty outside of all. */
  readonly function: string;
  readonly count: number;
  /** How often each way out of the line was taken. */
  readonly branches: readonly number[];
}

export interface FileCoverage {
  /** core.c */
  readonly name: string;
  readonly lines: readonly LineCount[];
}

/** "gcov: core.gcda HEX", as test/guest/ddlink/init.c prints it. */
function countersIn(output: string): Map<string, Buffer> {
  const found = [...output.matchAll(/^gcov: (\S+)\.gcda ([0-9a-f]+)/gm)];
  return new Map(found.map(([, name = "", hex = ""]) => [name, Buffer.from(hex, "hex")]));
}

/** One source line may be several for gcov (inlined in many places): what one of them ran, was run. */
function merged(lines: readonly LineCount[]): LineCount[] {
  const byLine = new Map<number, LineCount>();
  for (const { count, branches, ...place } of lines) {
    const before = byLine.get(place.line);
    const same = before?.branches.length === branches.length;
    byLine.set(place.line, {
      ...place,
      count: count + (before?.count ?? 0),
      branches: same
        ? branches.map((one, i) => one + (before.branches[i] ?? 0))
        : [...(before?.branches ?? []), ...branches],
    });
  }
  return [...byLine.values()].sort((a, b) => a.line - b.line);
}

async function coverageOf(name: string, counters: Buffer, objects: string): Promise<FileCoverage> {
  const folder = await mkdtemp(join(tmpdir(), "ddlab-gcov-"));
  try {
    await copyFile(join(objects, `${name}.gcno`), join(folder, `${name}.gcno`));
    await writeFile(join(folder, `${name}.gcda`), counters);
    const text = await run("gcov", ["-b", "-c", "--json-format", "--stdout", join(folder, `${name}.gcda`)], {
      cwd: folder,
    });
    const report = v.parse(Report, JSON.parse(text));
    const own = report.files.filter(({ file }) => basename(file) === `${name}.c`);
    const lines = own.flatMap((file) =>
      file.lines.map(({ line_number, function_name, count, branches }) => ({
        line: line_number,
        function: function_name,
        count,
        branches: branches.map((branch) => branch.count),
      })),
    );
    return { name: `${name}.c`, lines: merged(lines) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What was run of each source whose counters the kernel printed. `objects`: the folder of its notes (*.gcno). */
export async function coverage(output: string, objects: string): Promise<FileCoverage[]> {
  const files: FileCoverage[] = [];
  for (const [name, counters] of countersIn(output)) files.push(await coverageOf(name, counters, objects));
  return files.sort((a, b) => a.name.localeCompare(b.name));
}
