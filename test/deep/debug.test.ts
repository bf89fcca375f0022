// SPDX-License-Identifier: MIT
// The contract of ddlink on a 64-bit kernel with two processors under KASAN, UBSAN, lockdep, PROVE_RCU, kmemleak,
// DEBUG_ATOMIC_SLEEP and more: by a 64-bit program, by a 32-bit one (compat), and by random calls of both.
import { beforeAll, describe, expect, test } from "vitest";
import { complaintsOf } from "../guest/ddlink/Harness.ts";
import { fuzzer } from "../guest/ddlink/Programs.ts";
import { faultsOf, selftest } from "../guest/ddlink/Selftest.ts";
import { TestKernel } from "../guest/ddlink/TestKernel.ts";

const BUILD_MS = 3_600_000;
const RUN_MS = 1_500_000;
const FUZZ_CALLS = 50_000;

let kernel: TestKernel;

beforeAll(async () => {
  kernel = await TestKernel.debug();
}, BUILD_MS);

describe.each([64, 32] as const)("as %i-bit programs", (bits) => {
  let output: string;

  beforeAll(async () => {
    output = await kernel.run(await selftest(kernel, bits), RUN_MS);
  }, RUN_MS);

  test("every clause holds, and none is skipped", () => {
    expect(faultsOf(output), output).toEqual([]);
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
