// SPDX-License-Identifier: MIT
// `npx tsx test/bench/profile.ts PATTERN PEER SIZE`: where the instructions of one message go, function by function.
// QEMU steps through the bench kernel; a string instruction counts once for each of its turns here, once in all in v86.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { benchKernel } from "../../kernel/bench/BenchKernel.ts";

const POLL_MS = 100;
const START_MS = 60_000;
/** Enough for a few dozen messages. */
const LOG_BYTES = 20_000_000;
/** More than can be measured before the log is long enough. */
const MESSAGES = 80_000_000;
const LINES = 40;
const KERNEL_START = 0xc0000000;

interface Symbol {
  readonly address: number;
  readonly name: string;
}

async function until(what: string, done: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + START_MS; Date.now() < end; await sleep(POLL_MS)) if (await done()) return;
  throw new Error(`${what} did not happen within ${START_MS} ms`);
}

/** Guest time follows instructions, so that the timer does not fill the log. */
async function record(folder: string, image: string, words: readonly string[]): Promise<string> {
  const log = join(folder, "log");
  const port = join(folder, "port");
  const child = spawn(
    "qemu-system-i386",
    [
      ...["-nodefaults", "-display", "none", "-no-reboot", "-m", "64", "-icount", "shift=0,sleep=off"],
      ...["-kernel", image, "-append", `tsc=reliable -- 1 ${MESSAGES} ${words.join(" ")}`],
      ...["-serial", "null", "-serial", `file:${port}`, "-monitor", "stdio", "-D", log],
    ],
    { stdio: ["pipe", "ignore", "inherit"] },
  );
  const closed = new Promise((resolve) => child.on("close", resolve));
  try {
    await until("the first measurement", async () =>
      (await readFile(port, "utf8").catch(() => "")).includes("begin 1\n"),
    );
    child.stdin.write("singlestep on\nlog exec,nochain\n");
    await until(
      "a log of some length",
      async () => (await stat(log).catch(() => ({ size: 0 }))).size > LOG_BYTES,
    );
  } finally {
    child.kill("SIGKILL");
    await closed;
  }
  return readFile(log, "latin1");
}

function parseSymbols(map: string): Symbol[] {
  const lines = [...map.matchAll(/^([0-9a-f]+) [tTwW] (\S+)$/gm)];
  return lines.map(([, address = "", name = ""]) => ({ address: Number.parseInt(address, 16), name }));
}

/** The function that an address is in. */
function nameAt(symbols: readonly Symbol[], address: number): string {
  if (address < KERNEL_START) return "(program)";
  const end = symbols.findIndex((symbol) => symbol.address > address);
  return end < 0 ? "(module)" : (symbols[end - 1]?.name ?? "(program)");
}

/** The addresses of whole round trips: from the first system call in the log to the last of the same kind. */
function wholeMessages(log: string, entry: number): { steps: number[]; messages: number } {
  const steps = [...log.matchAll(/\[[0-9a-f]+\/([0-9a-f]+)\//g)].map((match) =>
    Number.parseInt(match[1] ?? "", 16),
  );
  const calls = steps.flatMap((address, i) => (address === entry ? [i] : []));
  const messages = Math.floor((calls.length - 1) / 2);
  if (messages < 1) throw new Error("no whole message in the log");
  return { steps: steps.slice(calls[0], calls[2 * messages]), messages };
}

async function main(words: readonly string[]): Promise<void> {
  if (words.length !== 3) throw new Error("usage: profile.ts roundtrip|stream PEER SIZE");
  const { image, symbols: map } = await benchKernel();
  const symbols = parseSymbols(await readFile(map, "utf8")).sort((a, b) => a.address - b.address);
  const entry = symbols.find(({ name }) => name === "entry_SYSENTER_32");
  if (!entry) throw new Error(`${map} has no entry_SYSENTER_32`);
  const folder = await mkdtemp(join(tmpdir(), "ddlab-profile-"));
  try {
    const { steps, messages } = wholeMessages(await record(folder, image, words), entry.address);
    const names = new Map<number, string>();
    const counts = new Map<string, number>();
    for (const step of steps) {
      const name = names.get(step) ?? nameAt(symbols, step);
      names.set(step, name);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    console.log(
      `${words.join(" ")}: ${(steps.length / messages).toFixed(1)} steps per message, of ${messages}`,
    );
    for (const [name, count] of [...counts].sort((a, b) => b[1] - a[1]).slice(0, LINES))
      console.log(`${(count / messages).toFixed(1).padStart(8)}  ${name}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
