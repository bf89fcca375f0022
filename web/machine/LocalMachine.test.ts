// SPDX-License-Identifier: MIT
import { afterEach, describe, expect, test, vi } from "vitest";
import { firstDifference } from "./Fingerprint.ts";
import { parseInputLog, stringifyInputLog } from "./InputLog.ts";
import { LocalMachine } from "./LocalMachine.ts";
import type { Machine, MachineStart, MachineState } from "./Machine.ts";
import { openMachine } from "./openInNode.ts";
import { testKernelImage } from "./testGuest.ts";

vi.setConfig({ testTimeout: 60_000 }); // real work, on hosts that may be busy

const start: MachineStart = {
  kernel: { data: testKernelImage() },
  volume: { data: new Uint8Array(8 * 512).fill(7) },
};
const open: Machine[] = [];
const soon = () => AbortSignal.timeout(20_000);
const text = (bytes: string) => new TextEncoder().encode(bytes);

async function opened(from: MachineStart = start): Promise<Machine> {
  const machine = await openMachine(from);
  open.push(machine);
  return machine;
}

/** Runs to the guest's prompt and on to the echo of `input`. */
async function echoed(machine: Machine, input: string): Promise<Machine> {
  const prompt = machine.statsAt("console", ">", { signal: soon() });
  await machine.run();
  await prompt;
  const echo = machine.statsAt("console", input, { signal: soon() });
  await machine.console.write(text(input), { signal: soon() });
  await echo;
  await machine.pause();
  return machine;
}

/** The same machine again, from its log: what a recording promises. */
async function replayed(machine: Machine, from: MachineStart = start): Promise<Machine> {
  const log = parseInputLog(stringifyInputLog(await machine.inputLog()));
  return opened({ ...from, replay: log });
}

async function difference(a: Machine, b: Machine): Promise<string | undefined> {
  return firstDifference(await a.fingerprint(), await b.fingerprint());
}

function ended(machine: Machine): Promise<MachineState> {
  return new Promise((resolve) => machine.subscribe((state) => state.kind === "crashed" && resolve(state)));
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((machine) => machine[Symbol.asyncDispose]()));
});

describe("determinism", () => {
  test("two cold starts send the same time stamps and random numbers", async () => {
    const [a, b] = [await opened(), await opened()];
    const moments = await Promise.all(
      [a, b].map(async (machine) => {
        const prompt = machine.statsAt("console", ">", { signal: soon() });
        await machine.run();
        const { instructions, ticks, jitModules, guestMs } = await prompt;
        return { instructions, ticks, jitModules, guestMs };
      }),
    );
    expect(moments[0]).toEqual(moments[1]);
    expect(moments[0]?.jitModules).toBeGreaterThan(0);
  });

  test("another seed gives other random numbers", async () => {
    const a = await echoed(await opened(), "x");
    const b = await echoed(await opened({ ...start, hardware: { seed: 2 } }), "x");
    expect((await a.fingerprint()).consoleSha256).not.toBe((await b.fingerprint()).consoleSha256);
  });

  test("the log of a live run replays to the same fingerprint", async () => {
    const live = await opened();
    await live.setPace("real");
    await echoed(live, "hello");
    expect(await difference(live, await replayed(live))).toBeUndefined();
  });

  test("looking does not disturb", async () => {
    const live = await echoed(await opened(), "hello");
    const first = await live.fingerprint();
    expect(await live.fingerprint()).toEqual(first);
    await echoedAgain(live, "again");
    expect(await difference(live, await replayed(live))).toBeUndefined();
  });

  test("one changed input byte is another fingerprint", async () => {
    const live = await echoed(await opened(), "hello");
    const log = await live.inputLog();
    const entries = log.entries.map((entry) =>
      entry.kind === "bytes" ? { ...entry, bytes: entry.bytes.map((byte) => byte ^ 1) } : entry,
    );
    const other = await opened({ ...start, replay: { ...log, entries } });
    expect(await difference(live, other)).toMatch(/^consoleSha256 differs/);
  });

  test("a log of another start is refused", async () => {
    const log = await (await echoed(await opened(), "hello")).inputLog();
    await expect(opened({ ...start, hardware: { seed: 2, mips: 7 }, replay: log })).rejects.toThrow(
      "the input log does not belong to this start",
    );
  });
});

describe("checkpoints", () => {
  test("a restored machine and the one that went on have the same future", async () => {
    const live = await echoed(await opened(), "before");
    const checkpoint = { data: await live.checkpoint() };
    await echoedAgain(live, "after");
    const log = await live.inputLog();
    const cut = log.entries.findIndex((entry) => entry.kind === "checkpoint") + 1;
    const restored = await opened({
      ...start,
      checkpoint,
      replay: { entries: log.entries.slice(cut), end: log.end },
    });
    expect(await difference(live, restored)).toBeUndefined();
    expect(await difference(live, await replayed(live))).toBeUndefined();
  });

  test("bytes that the guest has not read yet are kept", async () => {
    const { end, entries } = await (await echoed(await opened(), "before")).inputLog();
    // Fed at the very end, so that the guest runs no instruction between them and the checkpoint.
    const unread = { ...end, kind: "bytes" as const, port: "console" as const, bytes: text("early") };
    const live = await opened({ ...start, replay: { entries: [...entries, unread], end } });
    const restored = await opened({
      ...start,
      checkpoint: { data: await live.checkpoint({ compress: false }) },
    });
    const echo = restored.statsAt("console", "early", { signal: soon() });
    await restored.run();
    await echo;
  });

  test("the guest's clock goes on from where it was, after any number of them", async () => {
    const live = await echoed(await opened(), "x");
    await live.checkpoint();
    const restored = await opened({ ...start, checkpoint: { data: await live.checkpoint() } });
    for (const machine of [live, restored]) {
      let output = "";
      machine.console.subscribe((bytes) => {
        output += Buffer.from(bytes).toString("latin1");
      });
      const end = machine.statsAt("console", " ", { signal: soon() });
      await machine.run();
      await machine.console.write(text("D"), { signal: soon() });
      const { guestMs } = await end;
      await machine.pause();
      expect(Number.parseInt(output, 16) / 1e6).toBeCloseTo(guestMs, 2);
    }
  });

  test.each([
    ["volume", { volume: { data: new Uint8Array(8 * 512) } }],
    ["volume size", { volume: { data: new Uint8Array(512) } }],
    ["seed", { hardware: { seed: 5 } }],
  ])("made with another %s is refused", async (what, other) => {
    const checkpoint = { data: await (await opened()).checkpoint() };
    await expect(opened({ ...start, checkpoint, ...other })).rejects.toThrow(
      `the checkpoint was made with another ${what}`,
    );
  });

  test("made of another kernel is refused", async () => {
    const data = await (await opened()).checkpoint();
    const kernel = { url: "http://localhost/never-loaded", bytes: 0, sha256: "0".repeat(64) };
    await expect(opened({ ...start, kernel, checkpoint: { data } })).rejects.toThrow("another kernel image");
  });

  test("cut off or foreign is refused", async () => {
    const data = await (await opened()).checkpoint({ compress: false });
    const cut = { data: data.subarray(0, data.length - 1) };
    await expect(opened({ ...start, checkpoint: cut })).rejects.toThrow("the checkpoint is cut off");
    await expect(opened({ ...start, checkpoint: { data: text("nonsense, really") } })).rejects.toThrow(
      "not a checkpoint",
    );
  });
});

describe("ports", () => {
  test("400 kB in one write arrive intact, both ways", async () => {
    const machine = await opened();
    const sent = Uint8Array.from({ length: 400_000 }, (_, i) => (i * i) >> 7);
    const got: number[] = [];
    const all = new Promise<void>((resolve) =>
      machine.bridge.subscribe((bytes) => {
        for (const byte of bytes) got.push(byte);
        if (got.length === sent.length) resolve();
      }),
    );
    await machine.run();
    await machine.bridge.write(sent, { signal: soon() });
    await all;
    expect(Buffer.compare(Uint8Array.from(got), sent)).toBe(0);
  });

  test("prompt output comes in the middle of a turn, where the host's time is real", async () => {
    const machine = await opened();
    if (!(machine instanceof LocalMachine)) throw new Error("not a machine in this realm");
    machine.deliverPromptly();
    const began = Date.now();
    let [length, inOneTurn, unreal] = [0, 0, 0];
    let turnOver = true;
    const sent = Uint8Array.from({ length: 400_000 }, (_, i) => i);
    const all = new Promise<void>((resolve) =>
      machine.bridge.subscribe((bytes) => {
        length += bytes.length;
        if (!turnOver) inOneTurn++;
        if (Date.now() < began) unreal++;
        turnOver = false;
        queueMicrotask(() => {
          turnOver = true;
        });
        if (length === sent.length) resolve();
      }),
    );
    await machine.run();
    await machine.bridge.write(sent, { signal: soon() });
    await all;
    await machine.pause();
    expect(inOneTurn).toBeGreaterThan(0);
    expect(unreal).toBe(0);
    expect(await difference(machine, await replayed(machine))).toBeUndefined();
  });

  test("an aborted write rejects and its bytes are not sent", async () => {
    const machine = await opened();
    const abort = new AbortController();
    const write = machine.console.write(text("never"), { signal: abort.signal });
    abort.abort(new Error("changed my mind"));
    await expect(write).rejects.toThrow("changed my mind");
    await echoed(machine, "x");
    expect((await machine.inputLog()).entries).toHaveLength(1);
  });
});

describe("death", () => {
  test.each([
    ["Q", "halt"],
    ["R", "reset"],
    ["T", "emulator"],
  ])("the guest's %s is reported as %s", async (key, cause) => {
    const machine = await echoed(await opened(), "x");
    const end = ended(machine);
    const waiting = expect(machine.statsAt("console", "never", { signal: soon() })).rejects.toThrow(
      "the text never came",
    );
    await machine.run();
    void machine.console.write(text(key)).catch(() => undefined);
    expect(await end).toMatchObject({ kind: "crashed", cause });
    await waiting;
    await expect(machine.console.write(text("x"))).rejects.toThrow("the console port is closed");
    await expect(machine.checkpoint()).rejects.toThrow("the machine is dead");
  });

  test("a closed machine says so", async () => {
    const machine = await opened();
    await machine[Symbol.asyncDispose]();
    expect(machine.state).toEqual({ kind: "stopped" });
    await expect(machine.fingerprint()).rejects.toThrow("the machine was closed");
  });
});

async function echoedAgain(machine: Machine, input: string): Promise<void> {
  const echo = machine.statsAt("console", input, { signal: soon() });
  await machine.run();
  await machine.console.write(text(input), { signal: soon() });
  await echo;
  await machine.pause();
}

describe("pace", () => {
  test("a guest that sends much is not held back to its own clock", async () => {
    const machine = await echoed(await opened({ ...start, hardware: { mips: 0.1 } }), "x");
    await machine.run({ pace: "real" });
    const before = await machine.stats();
    const began = performance.now();
    const last = machine.statsAt("console", "end", { signal: AbortSignal.timeout(60_000) });
    await machine.console.write(text(`${"D".repeat(4000)}end`));
    const { guestMs } = await last;
    // it prints the TSC 4,000 times: six seconds of its clock, tenths of one of ours
    expect(performance.now() - began).toBeLessThan((guestMs - before.guestMs) / 2);
  });
});
