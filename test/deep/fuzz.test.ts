// SPDX-License-Identifier: MIT
// The fuzzer of test/guest/ddlink for longer. DDLAB_CALLS says how long, DDLAB_SEED where to begin.
import { expect, test } from "vitest";
import { complaintsOf } from "../guest/ddlink/Harness.ts";
import { fuzzer } from "../guest/ddlink/Programs.ts";
import { TestKernel } from "../guest/ddlink/TestKernel.ts";

const CALLS = Number(process.env.DDLAB_CALLS ?? 10_000_000);
const MOST_MS = 7_200_000;
const SEEDS = 2 ** 31;

test("random calls do as the model of the contract says", { timeout: MOST_MS }, async () => {
  const kernel = await TestKernel.test();
  const seed = Number(process.env.DDLAB_SEED ?? Math.floor(Math.random() * SEEDS));
  console.log(`fuzz: seed ${seed}; the same again: DDLAB_SEED=${seed}`);
  const output = await kernel.run([await fuzzer(kernel, seed, CALLS)], MOST_MS);
  console.log((output.match(/^fuzz: .*$/gm) ?? []).join("\n"));
  expect(output).toContain("without a difference");
  expect(complaintsOf(output)).toEqual([]);
});
