// SPDX-License-Identifier: MIT
// Bytes per second through ttyS1, each way, raw and through the bridge, in turn and checked by SHA-256. Raw: the agent
// is stopped, the program has the line to itself and the host only collects or feeds. Bridge: the same program, run by
// the agent on its pipes. Two machines, so that no bridge listens to the raw line; the one not measured is paused.
import { createHash } from "node:crypto";
import { BootedGuest, coldStart } from "../../web/cli/bootGuest.ts";
import type { Machine } from "../../web/machine/Machine.ts";
import { openMachine } from "../../web/machine/openInNode.ts";
import { type Metrics, median, metric, repeat } from "./metrics.ts";

const BYTES = 8 << 20;
const ROUNDS = 3;
const DEADLINE_MS = 300_000;
const text = new TextEncoder();
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Bytes that repeat nowhere near: xorshift32. */
function noise(): Uint8Array {
  const words = new Uint32Array(BYTES / 4);
  let random = 2463534242;
  for (let i = 0; i < words.length; i++) {
    random ^= random << 13;
    random ^= random >>> 17;
    random ^= random << 5;
    words[i] = random;
  }
  return new Uint8Array(words.buffer);
}

/** A machine whose agent is stopped, and the shell on its console. */
class RawLine implements AsyncDisposable {
  readonly machine: Machine;
  #shown = "";

  private constructor(machine: Machine) {
    this.machine = machine;
    machine.console.subscribe((bytes) => {
      this.#shown = (this.#shown + Buffer.from(bytes).toString("latin1")).slice(-2000);
    });
  }

  static async open(): Promise<RawLine> {
    const line = new RawLine(await openMachine(await coldStart()));
    await line.machine.run({ pace: "none" });
    await line.shell("kill -STOP $(pidof agent); echo is-$((40 + 2))", /is-42/);
    return line;
  }

  /** Types a command into the shell and waits for what it shall print. */
  async shell(command: string, pattern: RegExp): Promise<string> {
    this.#shown = "";
    await this.machine.console.write(text.encode(`${command}\n`));
    return this.shown(pattern);
  }

  async shown(pattern: RegExp): Promise<string> {
    const end = performance.now() + DEADLINE_MS;
    for (;;) {
      const found = pattern.exec(this.#shown);
      if (found) return found[1] ?? found[0];
      if (performance.now() > end) throw new Error(`the console did not show ${pattern}: ${this.#shown}`);
      await new Promise((done) => setImmediate(done));
    }
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.machine[Symbol.asyncDispose]();
  }
}

interface Transfer {
  readonly bytesPerSecond: number;
  readonly sha256: string;
}

const since = (started: number) => (BYTES / (performance.now() - started)) * 1000;

async function rawOut(line: RawLine): Promise<Transfer> {
  const parts: Uint8Array[] = [];
  let received = 0;
  const started = performance.now();
  const all = new Promise<void>((done, fail) => {
    const late = setTimeout(() => fail(new Error(`raw out: ${received} of ${BYTES} bytes`)), DEADLINE_MS);
    const stop = line.machine.bridge.subscribe((bytes) => {
      parts.push(bytes.slice());
      received += bytes.length;
      if (received < BYTES) return;
      clearTimeout(late);
      stop();
      done();
    });
  });
  await line.machine.console.write(text.encode(`serialrate out /dev/ttyS1 ${BYTES}\n`));
  await all;
  const bytesPerSecond = since(started);
  return { bytesPerSecond, sha256: sha256(Buffer.concat(parts)) };
}

async function bridgeOut({ guest }: BootedGuest): Promise<Transfer> {
  const parts: Uint8Array[] = [];
  const started = performance.now();
  const program = await guest.exec(["/bin/serialrate", "out", "-", String(BYTES)], {
    timeoutMs: DEADLINE_MS,
  });
  for await (const bytes of program.stdout) parts.push(bytes);
  const bytesPerSecond = since(started);
  await program.exited;
  return { bytesPerSecond, sha256: sha256(Buffer.concat(parts)) };
}

async function rawIn(line: RawLine, data: Uint8Array): Promise<Transfer> {
  await line.shell(`serialrate in /dev/ttyS1 ${BYTES}`, /ready/);
  const started = performance.now();
  await line.machine.bridge.write(data, { signal: AbortSignal.timeout(DEADLINE_MS) });
  await line.shown(/\d+ bytes/);
  const bytesPerSecond = since(started);
  return { bytesPerSecond, sha256: await line.shown(/\b([0-9a-f]{64})\b/) };
}

async function bridgeIn({ guest }: BootedGuest, data: Uint8Array): Promise<Transfer> {
  const argv = ["/bin/serialrate", "in", "-", String(BYTES)];
  const program = await guest.exec(argv, { stdin: "open", timeoutMs: DEADLINE_MS });
  let printed = "";
  let bytesPerSecond = 0;
  const started = performance.now();
  const sent = program.write(data);
  for await (const bytes of program.stdout) {
    printed += Buffer.from(bytes).toString("latin1");
    if (bytesPerSecond === 0) bytesPerSecond = since(started);
  }
  await sent;
  await program.exited;
  return { bytesPerSecond, sha256: /[0-9a-f]{64}/.exec(printed)?.[0] ?? printed };
}

function same(what: string, ...transfers: readonly { readonly sha256: string }[]): void {
  const digests = new Set(transfers.map((transfer) => transfer.sha256));
  if (digests.size !== 1) throw new Error(`serial ${what}: the bytes differ (${[...digests].join(", ")})`);
}

/** Runs one machine, at the pace of the page, while the other stands still. */
async function alone<T>(machine: Machine, work: () => Promise<T>): Promise<T> {
  await machine.run({ pace: "real" });
  try {
    return await work();
  } finally {
    await machine.pause();
  }
}

export async function serial(): Promise<Metrics> {
  const line = await RawLine.open();
  await line.machine.pause();
  const booted = await BootedGuest.boot();
  await booted.machine.pause();
  const data = noise();
  const expected = { sha256: sha256(data) };
  try {
    const rounds = await repeat(ROUNDS, async () => {
      const out = await alone(line.machine, () => rawOut(line));
      const outBridge = await alone(booted.machine, () => bridgeOut(booted));
      same("out", out, outBridge);
      const into = await alone(line.machine, () => rawIn(line, data));
      const intoBridge = await alone(booted.machine, () => bridgeIn(booted, data));
      same("in", expected, into, intoBridge);
      return { out, outBridge, into, intoBridge };
    });
    const rates = (pick: (round: (typeof rounds)[number]) => Transfer) =>
      rounds.map((round) => pick(round).bytesPerSecond);
    const ratios = (a: number[], b: number[]) => a.map((value, i) => value / (b[i] ?? median(b)));
    const [out, into] = [rates((round) => round.out), rates((round) => round.into)];
    return {
      "serial.out.bytes_per_s": metric(out, "bytes/s"),
      "serial.in.bytes_per_s": metric(into, "bytes/s"),
      "bridge.out.ratio": metric(
        ratios(
          rates((round) => round.outBridge),
          out,
        ),
        "ratio",
      ),
      "bridge.in.ratio": metric(
        ratios(
          rates((round) => round.intoBridge),
          into,
        ),
        "ratio",
      ),
    };
  } finally {
    await booted[Symbol.asyncDispose]();
    await line[Symbol.asyncDispose]();
  }
}
