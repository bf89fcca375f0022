// SPDX-License-Identifier: MIT
// A million items through one link on two processors, under every check that the kernel has.
import { expect, test } from "vitest";
import { complaintsOf } from "../guest/ddlink/Harness.ts";
import { crowd } from "../guest/ddlink/Programs.ts";
import { TestKernel } from "../guest/ddlink/TestKernel.ts";

const MOST_MS = 7_200_000;
const RUN_MS = 3_600_000;
const ITEMS = 1_000_000;

test("each item once and in order, and no wake-up is lost", { timeout: MOST_MS }, async () => {
  const kernel = await TestKernel.debug();
  const programs = [await crowd(kernel, ITEMS, 2, 2), await crowd(kernel, ITEMS / 10, 7, 3)];
  const output = await kernel.run(programs, RUN_MS);
  const results = output.match(/^crowd: .*$/gm) ?? [];
  console.log(results.join("\n"));
  expect(results, output).toHaveLength(programs.length);
  for (const line of results)
    expect(line).toContain("0 not read, 0 twice, 0 out of order, 0 torn, 0 lost wake-ups");
  expect(complaintsOf(output)).toEqual([]);
});
