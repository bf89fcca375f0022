// SPDX-License-Identifier: MIT
// The contract of ddlink on a 64-bit kernel with two processors under KASAN, UBSAN, lockdep, PROVE_RCU, kmemleak,
// DEBUG_ATOMIC_SLEEP and more: by a 64-bit program, by a 32-bit one (compat), and by random calls of both.
import { beforeAll, describe, expect, test } from "vitest";
import { complaintsOf, resultsOf } from "../guest/ddlink/Harness.ts";
import { fuzzer } from "../guest/ddlink/Programs.ts";
import { TestKernel } from "../guest/ddlink/TestKernel.ts";

const BUILD_MS = 3_600_000;
const RUN_MS = 1_500_000;
const SELFTEST = "ddlink/ddlink_test.c";
const CLAUSES = 82;
const FUZZ_CALLS = 50_000;

let kernel: TestKernel;

beforeAll(async () => {
  kernel = await TestKernel.debug();
}, BUILD_MS);

describe.each([
  ["64", () => kernel.selftest64(SELFTEST)],
  ["32", () => kernel.selftest(SELFTEST)],
])("as a %s-bit program", (_bits, compile) => {
  let output: string;

  beforeAll(async () => {
    output = await kernel.run([{ file: await compile() }], RUN_MS);
  }, RUN_MS);

  test("every clause holds, and none is skipped", () => {
    const { ok, failed, skipped, planned } = resultsOf(output);
    expect(failed, output).toEqual([]);
    expect(skipped).toEqual([]);
    expect(planned).toBeGreaterThanOrEqual(CLAUSES);
    expect(ok).toHaveLength(planned);
  });

  test("the kernel has nothing to complain of, and nothing leaked", () => {
    expect(complaintsOf(output)).toEqual([]);
    expect(output).toContain("init: looked for leaks");
  });
});

test("random calls of a 32-bit program do as the model says", { timeout: RUN_MS }, async () => {
  const output = await kernel.run([await fuzzer(kernel, 1, FUZZ_CALLS)], RUN_MS);
  expect(output).toContain("without a difference");
  expect(complaintsOf(output)).toEqual([]);
  expect(output).toContain("init: looked for leaks");
});
