// SPDX-License-Identifier: MIT
// Bytes per second through ttyS1, each way, raw and through the bridge, in turn and checked by SHA-256. Raw: the agent
// is stopped, the program has the line to itself and the host only collects or feeds. Bridge: the same program, run by
// the agent on its pipes. One machine for both, whose emulator has compiled the same code.
import { createHash } from "node:crypto";
import { connect, type Guest } from "../../web/bridge/Guest.ts";
import { coldStart } from "../../web/cli/bootGuest.ts";
import type { Machine } from "../../web/machine/Machine.ts";
import { openMachine } from "../../web/machine/openInNode.ts";
import { type Metrics, median, metric, repeat } from "./metrics.ts";

const BYTES = 8 << 20;
const ROUNDS = 7;
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

/** One machine: its serial line to the bridge, and the shell on its console. */
class Line implements AsyncDisposable {
  readonly machine: Machine;
  #shown = "";

  private constructor(machine: Machine) {
    this.machine = machine;
    machine.console.subscribe((bytes) => {
      this.#shown = (this.#shown + Buffer.from(bytes).toString("latin1")).slice(-2000);
    });
  }

  /** At the pace of the page. */
  static async open(): Promise<Line> {
    const line = new Line(await openMachine(await coldStart()));
    await line.machine.run({ pace: "none" });
    await line.shell("echo up-$((40 + 2))", /up-42/);
    await line.machine.setPace("real");
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

  /** While the agent is stopped: the line is the program's. */
  async raw<T>(work: (line: Line) => Promise<T>): Promise<T> {
    await this.shell("kill -STOP $(pidof agent); echo is-$((40 + 2))", /is-42/);
    const result = await work(this);
    await this.shell("kill -CONT $(pidof agent); echo is-$((40 + 3))", /is-43/);
    return result;
  }

  /** In a session of its own, so that no bridge listens to the raw line. */
  async bridged<T>(work: (guest: Guest) => Promise<T>): Promise<T> {
    await using guest = await connect(this.machine.bridge, { heartbeatMs: 0, connectMs: DEADLINE_MS });
    return await work(guest);
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

async function rawOut(line: Line): Promise<Transfer> {
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

async function bridgeOut(guest: Guest): Promise<Transfer> {
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

async function rawIn(line: Line, data: Uint8Array): Promise<Transfer> {
  await line.shell(`serialrate in /dev/ttyS1 ${BYTES}`, /ready/);
  const started = performance.now();
  await line.machine.bridge.write(data, { signal: AbortSignal.timeout(DEADLINE_MS) });
  await line.shown(/\d+ bytes/);
  const bytesPerSecond = since(started);
  await line.machine.setPace("none");
  const digest = await line.shown(/\b([0-9a-f]{64})\b/);
  await line.machine.setPace("real");
  return { bytesPerSecond, sha256: digest };
}

async function bridgeIn(machine: Machine, guest: Guest, data: Uint8Array): Promise<Transfer> {
  const argv = ["/bin/serialrate", "in", "-", String(BYTES)];
  const program = await guest.exec(argv, { stdin: "open", timeoutMs: DEADLINE_MS });
  let printed = "";
  let bytesPerSecond = 0;
  const started = performance.now();
  const sent = program.write(data);
  for await (const bytes of program.stdout) {
    printed += Buffer.from(bytes).toString("latin1");
    if (bytesPerSecond > 0) continue;
    bytesPerSecond = since(started);
    await machine.setPace("none");
  }
  await sent;
  await program.exited;
  await machine.setPace("real");
  return { bytesPerSecond, sha256: /[0-9a-f]{64}/.exec(printed)?.[0] ?? printed };
}

function same(what: string, ...transfers: readonly { readonly sha256: string }[]): void {
  const digests = new Set(transfers.map((transfer) => transfer.sha256));
  if (digests.size !== 1) throw new Error(`serial ${what}: the bytes differ (${[...digests].join(", ")})`);
}

interface Round {
  readonly out: Transfer;
  readonly outBridge: Transfer;
  readonly into: Transfer;
  readonly intoBridge: Transfer;
}

async function round(line: Line, data: Uint8Array): Promise<Round> {
  const out = await line.raw(rawOut);
  const outBridge = await line.bridged(bridgeOut);
  same("out", out, outBridge);
  const into = await line.raw(() => rawIn(line, data));
  const intoBridge = await line.bridged((guest) => bridgeIn(line.machine, guest, data));
  same("in", { sha256: sha256(data) }, into, intoBridge);
  return { out, outBridge, into, intoBridge };
}

export async function serial(): Promise<Metrics> {
  await using line = await Line.open();
  const data = noise();
  await round(line, data); // the first time, the emulator compiles what is hot
  const rounds = await repeat(ROUNDS, () => round(line, data));
  const rates = (pick: (one: Round) => Transfer) => rounds.map((one) => pick(one).bytesPerSecond);
  const ratios = (a: number[], b: number[]) => a.map((value, i) => value / (b[i] ?? median(b)));
  const out = rates((one) => one.out);
  const into = rates((one) => one.into);
  const outBridge = rates((one) => one.outBridge);
  const intoBridge = rates((one) => one.intoBridge);
  return {
    "serial.out.bytes_per_s": metric(out, "bytes/s"),
    "serial.in.bytes_per_s": metric(into, "bytes/s"),
    "bridge.out.ratio": metric(ratios(outBridge, out), "ratio"),
    "bridge.in.ratio": metric(ratios(intoBridge, into), "ratio"),
  };
}
