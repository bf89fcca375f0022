// SPDX-License-Identifier: MIT
// For tests: the agent itself, built for this machine and run on a socket, as a guest without a guest.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import type { ByteChannel } from "../base/ByteChannel.ts";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const AGENT = join(ROOT, "guest/agent");
const INCLUDES = ["guest/agent/generated", "guest/agent/nanopb", "guest/agent", "kernel/linux/include/uapi"];
const FLAGS = ["-O1", "-g", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-fsanitize=address,undefined"];

export function canRun(program: string): boolean {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

export const hasCompiler = canRun("gcc");

function cSources(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => /\.[ch]$/.test(name));
  return names.sort().map((name) => join(folder, name));
}

function librarySources(): string[] {
  return [AGENT, join(AGENT, "generated"), join(AGENT, "nanopb")].flatMap(cSources);
}

/**
 * Compiles with sanitizers, once on this machine for the same sources; gives the program's path.
 * `compiler` is gcc or clang with its own flags.
 */
export function compileNative(
  name: string,
  sources: readonly string[],
  compiler: readonly string[] = ["gcc"],
): string {
  const hash = createHash("sha256").update([...compiler, ...FLAGS].join());
  for (const source of new Set([...librarySources(), ...sources])) hash.update(readFileSync(source));
  const folder = join(tmpdir(), `ddlab-native-${hash.digest("hex").slice(0, 16)}`);
  const program = join(folder, name);
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  const includes = INCLUDES.map((path) => `-I${join(ROOT, path)}`);
  const compiled = sources.filter((source) => source.endsWith(".c"));
  const [command = "gcc", ...flags] = compiler;
  const mine = `${program}.${process.pid}`; // others may be compiling the same
  execFileSync(command, [...FLAGS, ...flags, ...includes, ...compiled, "-o", mine], { stdio: "inherit" });
  renameSync(mine, program);
  return program;
}

export function compileAgent(): string {
  return compileNative("agent", librarySources());
}

/** One agent after the other on one line, as init would run them. */
export class NativeAgent implements ByteChannel, AsyncDisposable {
  readonly #listeners = new Set<(bytes: Uint8Array) => void>();
  #child: ChildProcess | undefined;
  #line: Duplex | undefined;
  /** What happens to the bytes on their way, for tests of a bad line. */
  toGuest = (bytes: Uint8Array): Uint8Array => bytes;
  fromGuest = (bytes: Uint8Array): Uint8Array => bytes;
  bytesFromGuest = 0;

  start(): void {
    const child = spawn(compileAgent(), ["--fd", "3,3"], {
      stdio: ["ignore", "inherit", "inherit", "pipe"],
      env: { PATH: "/bin:/usr/bin" },
    });
    const line = child.stdio[3];
    if (!(line instanceof Duplex)) throw new Error("Node gave no socket for the agent's line");
    line.on("data", (bytes: Uint8Array) => {
      this.bytesFromGuest += bytes.length;
      const changed = this.fromGuest(bytes);
      for (const listener of this.#listeners) listener(changed);
    });
    line.on("error", () => {}); // a killed agent's
    this.#child = child;
    this.#line = line;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  kill(signal: NodeJS.Signals = "SIGKILL"): Promise<number | null> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return Promise.resolve(null);
    const exited = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
    child.kill(signal);
    return exited;
  }

  /** Ends the line, as a machine does that goes away; gives the agent's exit code. */
  hangUp(): Promise<number | null> {
    const child = this.#child;
    const exited = new Promise<number | null>((resolve) => child?.once("exit", (code) => resolve(code)));
    this.#line?.end();
    return exited;
  }

  write(bytes: Uint8Array): Promise<void> {
    const line = this.#line;
    return new Promise((resolve) => {
      if (!line?.writable)
        resolve(); // nobody is there: a serial line does not know
      else line.write(this.toGuest(bytes), () => resolve());
    });
  }

  subscribe(listener: (bytes: Uint8Array) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** As if it had come from the guest. */
  inject(bytes: Uint8Array): void {
    for (const listener of this.#listeners) listener(bytes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    this.#line?.destroy();
  }
}
