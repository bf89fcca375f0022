// SPDX-License-Identifier: MIT
// `npm test [STAGE...]`: installs what this machine lacks and runs everything, or the stages named. The order is that
// of the cost: what fails quickly comes first. Each stage is a command of its own, as a person would type it.
import { KERNEL_NEEDS } from "../kernel/build/kernel.ts";
import { COMPILER, runStages, type Stage } from "./stages.ts";

const STAGES: readonly Stage[] = [
  { name: "lint", what: "format and lint", commands: ["biome check --error-on-warnings ."] },
  { name: "types", what: "strict type check", commands: ["tsc -p ."] },
  { name: "unit", what: "unit tests", commands: ["vitest run --project unit"], needs: COMPILER },
  {
    name: "images",
    what: "the committed images match their sources, byte for byte",
    commands: ["tsx kernel/build/images.ts --check", "tsx kernel/build/images.ts --verify"],
    needs: KERNEL_NEEDS,
  },
  {
    name: "patches",
    what: "the overlay as patch series",
    commands: ["tsx kernel/build/patches.ts --check"],
    needs: ["git", "patch", "perl", "xz-utils"],
  },
  {
    name: "guest",
    what: "the kernel in QEMU and in v86",
    commands: ["vitest run --project guest"],
    needs: [...KERNEL_NEEDS, "qemu-system-x86", "cpio"],
  },
  {
    name: "e2e",
    what: "the page in real browsers",
    commands: ["tsx web/cli/build.ts", "playwright test --config test/e2e/playwright.config.ts"],
    needs: ["chromium", "firefox-esr", "fonts-dejavu-core"],
  },
];

await runStages(STAGES, process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
