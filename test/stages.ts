// SPDX-License-Identifier: MIT
// Stages of a test run: each is a few commands as a person would type them, after the packages that they need.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { installOnSystem } from "../kernel/build/debian.ts";

export interface Stage {
  readonly name: string;
  readonly what: string;
  readonly commands: readonly string[];
  /** Debian packages that it needs. */
  readonly needs?: readonly string[];
}

export const COMPILER = ["gcc", "libc6-dev", "make", "patch", "xz-utils"];

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

/** Runs the stages named, or all; the exit code says whether they passed. */
export async function runStages(stages: readonly Stage[], names: readonly string[]): Promise<void> {
  const unknown = names.find((name) => !stages.some((stage) => stage.name === name));
  if (unknown) throw new Error(`no stage ${unknown}; there are ${stages.map(({ name }) => name).join(", ")}`);
  const chosen = stages.filter(({ name }) => names.length === 0 || names.includes(name));
  const failed: string[] = [];
  for (const stage of chosen) if (!(await runStage(stage))) failed.push(stage.name);
  if (failed.length > 0) console.log(`\nfailed: ${failed.join(", ")}`);
  console.log(`\n${chosen.length - failed.length} passed, ${failed.length} failed`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}
