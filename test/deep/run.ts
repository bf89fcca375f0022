// SPDX-License-Identifier: MIT
// `npm run test:deep [STAGE...]`: what takes too long for every day. Kernels with every check on, every allocation
// failed once, coverage, and more of what `npm test` does a little of. First run: half an hour and 10 GB of objects.
import { KERNEL_NEEDS } from "../../kernel/build/kernel.ts";
import { runStages, type Stage } from "../stages.ts";

const KERNEL = [...KERNEL_NEEDS, "qemu-system-x86"];
/** A 64-bit kernel is built with objtool, which reads its objects by libelf. */
const KERNEL_64 = [...KERNEL, "libelf-dev"];
const deep = (name: string) => `vitest run --project deep test/deep/${name}.test.ts`;

const STAGES: readonly Stage[] = [
  {
    name: "kunit",
    what: "the queue's own tests, in User Mode Linux",
    commands: [deep("kunit")],
    needs: [...KERNEL, "python3"],
  },
  {
    name: "debug",
    what: "the selftest as 64-bit and 32-bit programs on a kernel with every check on",
    commands: [deep("debug")],
    needs: KERNEL_64,
  },
  {
    name: "faults",
    what: "every allocation and copy of every call failed once",
    commands: [deep("faults")],
    needs: KERNEL_64,
  },
  {
    name: "crowd",
    what: "a million items, exactly once and in order",
    commands: [deep("crowd")],
    needs: KERNEL_64,
  },
  { name: "fuzz", what: "ten million random calls against a model", commands: [deep("fuzz")], needs: KERNEL },
  {
    name: "coverage",
    what: "every line of fs/ddlink is run, and of each branch not taken it is said why",
    commands: [deep("coverage")],
    needs: KERNEL,
  },
  {
    name: "volumes",
    what: "every Tux3 volume on the kernel with every check on",
    commands: [deep("volumes")],
    needs: KERNEL_64,
  },
  {
    name: "patches",
    what: "the patch series: each patch builds, and every check of the kernel's own is silent",
    commands: ["tsx kernel/build/patches.ts --check=all"],
    needs: [...KERNEL_NEEDS, "git", "perl"],
  },
];

await runStages(STAGES, process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
