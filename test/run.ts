// SPDX-License-Identifier: MIT
// `npm test [STAGE...]`: installs what this machine lacks and runs everything, or the stages named. The order is that
// of the cost: what fails quickly comes first. Each stage is a command of its own, as a person would type it.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { installOnSystem } from "../kernel/build/debian.ts";

interface Stage {
  readonly name: string;
  readonly what: string;
  readonly commands: readonly string[];
  /** Debian packages that it needs. */
  readonly needs?: readonly string[];
}

const COMPILER = ["gcc", "libc6-dev", "make", "patch", "xz-utils"];

const STAGES: readonly Stage[] = [
  { name: "lint", what: "format and lint", commands: ["biome check --error-on-warnings ."] },
  { name: "types", what: "strict type check", commands: ["tsc -p ."] },
  { name: "unit", what: "unit tests", commands: ["vitest run --project unit"], needs: COMPILER },
  {
    name: "images",
    what: "the committed images match their sources, byte for byte",
    commands: ["tsx kernel/build/images.ts --check", "tsx kernel/build/images.ts --verify"],
    needs: [...COMPILER, "flex", "bison", "bc"],
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
    needs: [...COMPILER, "qemu-system-x86", "cpio"],
  },
  {
    name: "e2e",
    what: "the page in real browsers",
    commands: ["tsx web/cli/build.ts", "playwright test --config test/e2e/playwright.config.ts"],
    needs: ["chromium", "firefox-esr", "fonts-dejavu-core"],
  },
];

/** Runs one command line with the project's own programs on the path. */
function shell(command: string): Promise<boolean> {
  const child = spawn(command, {
    shell: true,
    stdio: "inherit",
    cwd: fileURLToPath(new URL("..", import.meta.url)),
  });
  return new Promise((done) => child.on("close", (code) => done(code === 0)));
}

async function runStage(stage: Stage): Promise<boolean> {
  console.log(`\n=== ${stage.name}: ${stage.what}`);
  const started = Date.now();
  let passed = true;
  try {
    await installOnSystem(stage.needs ?? []);
    for (const command of stage.commands) passed = passed && (await shell(command));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    passed = false;
  }
  console.log(
    `=== ${stage.name}: ${passed ? "passed" : "FAILED"} in ${Math.round((Date.now() - started) / 1000)} s`,
  );
  return passed;
}

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.find((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown) throw new Error(`no stage ${unknown}; there are ${STAGES.map(({ name }) => name).join(", ")}`);
  const chosen = STAGES.filter(({ name }) => names.length === 0 || names.includes(name));
  const failed: string[] = [];
  for (const stage of chosen) if (!(await runStage(stage))) failed.push(stage.name);
  if (failed.length > 0) console.log(`\nfailed: ${failed.join(", ")}`);
  console.log(`\n${chosen.length - failed.length} passed, ${failed.length} failed`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}

await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
