// SPDX-License-Identifier: MIT
// ddlink under many calls: random ones against a model of the contract, and a crowd of writers and readers.
// DDLAB_SEED repeats what another run has done; a case that differs is told with its own seed.
import { beforeAll, expect, test } from "vitest";
import { complaintsOf } from "./Harness.ts";
import { crowd, fuzzer } from "./Programs.ts";
import { TestKernel } from "./TestKernel.ts";

const BUILD_MS = 1_500_000;
const RUN_MS = 600_000;
const CALLS = 1_000_000;
const CROWD_ITEMS = 100_000;
/** Cases have consecutive seeds: runs are this far apart. */
const SEEDS = 2 ** 31;

let kernel: TestKernel;

beforeAll(async () => {
  kernel = await TestKernel.test();
}, BUILD_MS);

test(
  "a million random calls do as the model of the contract says",
  async () => {
    const seed = Number(process.env.DDLAB_SEED ?? Math.floor(Math.random() * SEEDS));
    console.log(`fuzz: seed ${seed}; the same again: DDLAB_SEED=${seed}`);
    const output = await kernel.run([await fuzzer(kernel, seed, CALLS)], RUN_MS);
    expect(output).toContain("without a difference");
    expect(complaintsOf(output)).toEqual([]);
  },
  RUN_MS,
);

test(
  "two writers and two readers: each item once and in order",
  async () => {
    const output = await kernel.run([await crowd(kernel, CROWD_ITEMS, 2, 2)], RUN_MS);
    expect(output).toContain("0 not read, 0 twice, 0 out of order, 0 torn, 0 lost wake-ups");
    expect(output).toContain("/crowd ended with status 0");
  },
  RUN_MS,
);
