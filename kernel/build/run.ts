// SPDX-License-Identifier: MIT
// Running other programs, with an error that shows what they said.
import { spawn } from "node:child_process";

export interface RunOptions {
  readonly cwd?: string;
  /** Added to the environment. */
  readonly env?: Record<string, string>;
  /** Called with each line of standard output. */
  readonly onLine?: (line: string) => void;
}

/** Runs a program and returns its standard output; an exit other than 0 is an error with its last lines. */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, LC_ALL: "C", ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  let line = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
    if (!options.onLine) return;
    const lines = (line + text).split("\n");
    line = lines.pop() ?? "";
    for (const one of lines) options.onLine(one);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const code = await new Promise<number>((done, fail) => {
    child.on("error", (error) => fail(new Error(`${command} cannot be started: ${error.message}`)));
    child.on("close", (status) => done(status ?? 1));
  });
  if (code === 0) return out;
  const tail = `${out}\n${err}`.trim().split("\n").slice(-30).join("\n");
  throw new Error(`${command} ${args.slice(0, 6).join(" ")} ended with ${code}:\n${tail}`);
}

/** True when the program is on the PATH. */
export async function installed(command: string): Promise<boolean> {
  return run("sh", ["-c", `command -v ${command}`]).then(
    () => true,
    () => false,
  );
}
