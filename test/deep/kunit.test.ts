// SPDX-License-Identifier: MIT
// fs/ddlink/tests by the kernel's own runner: a kernel that is a program of this machine.
import { mkdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../../kernel/build/run.ts";
import { kernelSource } from "../../kernel/build/source.ts";
import { kernelTree } from "../../kernel/build/tree.ts";

const MOST_MS = 1_500_000;
/** Written down, so that none gets lost unseen. */
const CASES = 30;

test("all cases pass", { timeout: MOST_MS }, async () => {
  const tree = await kernelTree(await kernelSource());
  const objects = join(tree, "../kunit");
  await mkdir(objects, { recursive: true });
  const output = await run(
    join(tree, "tools/testing/kunit/kunit.py"),
    [
      "run",
      "--kunitconfig=fs/ddlink",
      `--build_dir=${objects}`,
      `--jobs=${availableParallelism()}`,
      "--raw_output=kunit",
    ],
    { cwd: tree },
  );
  const passed = [...output.matchAll(/^ +ok \d+ (\S+)/gm)].map((match) => match[1]);
  expect(passed, output).toHaveLength(CASES);
  expect(output).not.toMatch(/^ *not ok/m);
  console.log(`${passed.length} cases of KUnit passed: ${passed.join(" ")}`);
});
