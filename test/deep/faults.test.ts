// SPDX-License-Identifier: MIT
// test/guest/ddlink/faults on the debug kernel: whatever allocation or copy fails, nothing is lost, leaked or stuck.
import { expect, test } from "vitest";
import { complaintsOf } from "../guest/ddlink/Harness.ts";
import { faults } from "../guest/ddlink/Programs.ts";
import { TestKernel } from "../guest/ddlink/TestKernel.ts";

const MOST_MS = 3_600_000;
const RUN_MS = 1_500_000;
/** Fewer would mean that the kernel does not inject them. */
const FAULTS = 500;

test("each fault is one errno and no more", { timeout: MOST_MS }, async () => {
  const kernel = await TestKernel.debug();
  const output = await kernel.run([await faults(kernel)], RUN_MS);
  const [, all, wrong] = output.match(/faults: (\d+) faults in \d+ calls, (\d+) wrong/) ?? [];
  console.log((output.match(/^faults: .*$/gm) ?? []).join("\n"));
  expect(wrong, output).toBe("0");
  expect(Number(all)).toBeGreaterThan(FAULTS);
  expect(complaintsOf(output)).toEqual([]);
  expect(output).toContain("init: looked for leaks");
});
