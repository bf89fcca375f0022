// SPDX-License-Identifier: MIT
// The Guest API on the real guest: kernel, agent, ddtest and ddfork in v86. What needs no kernel of ours is tested
// beside web/bridge, on the agent built for this machine.
import { createHash, randomBytes } from "node:crypto";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SessionLostError } from "../../web/bridge/BridgeError.ts";
import { connect, resume } from "../../web/bridge/Guest.ts";
import type { KernelEvent } from "../../web/bridge/KernelEvent.ts";
import { POLL } from "../../web/bridge/Link.ts";
import { type SavedSession, SavedSessionSchema } from "../../web/bridge/SavedSession.ts";
import { BootedGuest, coldStart } from "../../web/cli/bootGuest.ts";
import { openMachine } from "../../web/machine/openInNode.ts";

const MIB = 1 << 20;

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function text(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes);
}

async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("nothing was thrown");
}

describe("the guest through the bridge", () => {
  let booted: BootedGuest;
  beforeAll(async () => {
    booted = await BootedGuest.boot();
  });
  afterAll(() => booted[Symbol.asyncDispose]());

  it("puts a program at the same addresses each time, whatever chance it has", async () => {
    const maps = async () => (await booted.guest.run(["cat", "/proc/self/maps"])).stdout;
    const first = await maps();
    expect(first).toContain("[stack]");
    await booted.guest.reseed();
    expect(await maps()).toBe(first);
  });

  describe("ddtest", () => {
    it("shows what every call returned", async () => {
      const { stdout, code } = await booted.guest.run(["ddtest", "hello", 'two "words"']);
      expect(stdout.split("\n")).toEqual([
        'write("hello", 5) = 5',
        'write("two \\"words\\"", 11) = 11',
        'read(4096) = 5 "hello"',
        'read(4096) = 11 "two \\"words\\""',
        "read(4096) = 0",
        "",
      ]);
      expect(code).toBe(0);
    });

    it("grows a buffer that is too small", async () => {
      const { stdout } = await booted.guest.run(["ddtest", "-b", "2", "hello"]);
      expect(stdout.split("\n")).toEqual([
        'write("hello", 5) = 5',
        "read(2) = -1 EIO (I/O error)",
        "ioctl(FIONREAD) = 0 [5]",
        'read(5) = 5 "hello"',
        "read(5) = 0",
        "",
      ]);
    });

    it.each([
      [["-f", "/nope", "x"], "cannot open /nope (name a path on a Tux3 volume with -f)"],
      [["-f", "/proc", "x"], "/proc is not on a Tux3 volume: mount one there, or name another path with -f"],
      [["-b", "many", "x"], "-b many: give the buffer's size as a number up to 1048576"],
      [["-z"], "usage: ddtest [-f PATH] [-b BUFSIZE] WORD..."],
      [[], "no word to write"],
    ])("refuses %j in a sentence", async (args, sentence) => {
      const { stderr, code } = await booted.guest.run(["ddtest", ...args]);
      expect(stderr).toContain(sentence);
      expect(code).not.toBe(0);
    });

    it("cannot be given an argument that is too long", async () => {
      const refused = await rejection(booted.guest.run(["ddtest", "x".repeat(140_000)]));
      expect(refused).toMatchObject({
        code: "E2BIG",
        message: "cannot start ddtest: Argument list too long",
      });
    });
  });

  describe("ddfork", () => {
    it("reads on after its parent has exited", async () => {
      const { stdout, code } = await booted.guest.run(["ddfork", "-w", "4", "-r", "3"]);
      const lines = stdout.trim().split("\n");
      const child = lines.filter((line) => line.startsWith("child"));
      const read = child.filter((line) => /read\(8\) = 6/.test(line));
      expect(read.map((line) => line.replace(/^.* "/, '"'))).toEqual(['"item 1"', '"item 2"', '"item 3"']);
      const gone = lines.findIndex((line) => line.endsWith("the parent has exited"));
      expect(lines.findLastIndex((line) => line.startsWith("parent"))).toBeLessThan(gone);
      expect(lines.slice(gone).filter((line) => line.includes("read(8) = 6"))).toHaveLength(2);
      expect(child.filter((line) => line.includes("EIO"))).toHaveLength(3); // one small buffer each
      expect(lines.filter((line) => line.startsWith("parent"))).toHaveLength(4);
      expect(code).toBe(0);
    });

    it("refuses counts that cannot be", async () => {
      const { guest } = booted;
      expect((await guest.run(["ddfork", "-r", "9"])).stderr).toContain(
        "-r 9: only 5 items are written, see -w",
      );
      expect((await guest.run(["ddfork", "-w", "x"])).stderr).toContain("-w x: give a number from 1 to 1000");
    });
  });

  describe("a link", () => {
    it("is written, asked, read and polled", async () => {
      await using link = await booted.guest.openLink("/mnt");
      expect(await link.poll(POLL.in, 0)).toBe(0);
      expect(await link.read()).toHaveLength(0);
      expect(await link.write("abc")).toBe(3);
      expect(await link.poll(POLL.in | POLL.out)).toBe(POLL.in | POLL.out);
      expect(await link.nextSize()).toBe(3);
      expect(await rejection(link.read(2))).toMatchObject({ code: "EIO" });
      expect(text(await link.read(3))).toBe("abc");
      expect(await link.take()).toBeUndefined();
    });

    it("carries messages of 1 MiB, and no more", async () => {
      await using link = await booted.guest.openLink("/mnt");
      const message = randomBytes(MIB);
      expect(await link.write(message)).toBe(MIB);
      expect(sha256((await link.take()) ?? new Uint8Array())).toBe(sha256(message));
      expect(await rejection(link.write(new Uint8Array(MIB + 1)))).toMatchObject({ code: "EMSGSIZE" });
      expect(await link.take()).toBeUndefined();
    });

    it("gives its items to a loop, which waits for more", async () => {
      await using link = await booted.guest.openLink("/mnt");
      const items: string[] = [];
      const reading = (async () => {
        for await (const item of link) if (items.push(text(item)) === 3) break;
      })();
      for (const word of ["one", "two", "three"]) await link.write(word);
      await reading;
      expect(items).toEqual(["one", "two", "three"]);
    });

    it("lets calls wait in a poll while others work", async () => {
      await using link = await booted.guest.openLink("/mnt");
      const waiting = link.poll(POLL.in, 20_000);
      expect(await link.write("x")).toBe(1);
      expect((await waiting) & POLL.in).toBe(POLL.in);
    });

    it("passes on the component's own words", async () => {
      await using link = await booted.guest.openLink("/dev/ddlink");
      const refused = await rejection(link.write("nonsense"));
      expect(refused).toMatchObject({ code: "EINVAL" });
      expect(refused.message).toContain("nonsense");
      expect(refused).toHaveProperty("said", expect.stringMatching(/\S+ \S+/));
    });

    it("is closed with its owner", async () => {
      const link = await booted.guest.openLink("/mnt");
      await link[Symbol.asyncDispose]();
      expect((await rejection(link.write("x"))).message).toContain("is closed");
      const pid = (await booted.guest.run(["pidof", "agent"])).stdout.trim();
      const open = await booted.guest.run(["ls", "-l", `/proc/${pid}/fd`]);
      expect(open.stdout).not.toContain("ddlink");
    });
  });

  describe("events", () => {
    async function watch(argv: readonly string[]): Promise<{ events: KernelEvent[]; lost: number }> {
      await using stream = await booted.guest.events();
      const { pid, exited } = await booted.guest.exec(argv);
      const events: KernelEvent[] = [];
      for await (const batch of stream) {
        events.push(...batch);
        if (batch.some((event) => event.type === "release" && event.tgid === pid)) break;
      }
      await exited;
      return { events, lost: stream.lost };
    }

    it("tell one item's way", async () => {
      const { events, lost } = await watch(["ddtest", "hello"]);
      const told = events.filter(({ comm }) => comm === "ddtest").map(({ type }) => type);
      expect(told).toEqual(["exec", "create", "enter", "post", "write", "read", "read", "exit", "release"]);
      const posted = events.find(({ type }) => type === "post");
      expect(text(posted?.payload)).toBe("hello");
      expect(events.find(({ type }) => type === "read")).toMatchObject({ item: posted?.item, result: 5 });
      expect(lost).toBe(0);
      for (const [i, { seq }] of events.entries()) expect(seq).toBe((events[0]?.seq ?? 0) + i);
    });

    it("are dropped with a count when nobody takes them, and hold nobody up", {
      timeout: 300_000,
    }, async () => {
      await using stream = await booted.guest.events({ snaplen: 4096 });
      const words = Array.from({ length: 400 }, () => "x".repeat(250));
      for (let i = 0; i < 6; i++) expect((await booted.guest.run(["ddtest", ...words])).code).toBe(0);
      let last: KernelEvent | undefined;
      let marker: Promise<unknown> | undefined;
      for await (const batch of stream) {
        last = batch.at(-1);
        if (stream.lost > 0) marker ??= booted.guest.run(["true"]); // there is room again
        if (batch.some(({ type, comm }) => type === "exit" && comm === "true")) break;
      }
      await marker;
      expect(stream.lost).toBeGreaterThan(0);
      expect(last?.seq).toBeGreaterThan(400 * 6 * 4); // lost ones have numbers too
    });
  });

  describe("a guest that was saved while it was watched", { timeout: 300_000 }, () => {
    /** A machine restored from one that is saved now, with the session that was open then. */
    async function restoredWith(change: Partial<SavedSession> = {}) {
      const { machine, guest } = booted;
      await using watching = await guest.events();
      await machine.pause();
      const session = v.parse(SavedSessionSchema, JSON.parse(JSON.stringify(guest.save(watching))));
      const data = await machine.checkpoint({ compress: false });
      await machine.run({ pace: "none" });
      const { volume } = await coldStart();
      const restored = await openMachine({ checkpoint: { data }, ...(volume && { volume }) });
      return { machine: restored, session: { ...session, ...change } };
    }

    it("goes on with its session and its monitor, asked before its first instruction", async () => {
      const { machine, session } = await restoredWith();
      await using _ = machine;
      const { guest, events } = resume(machine.bridge, session);
      await using __ = guest;
      const started = guest.exec(["ddtest", "after"]);
      await machine.run({ pace: "none" });
      const { pid } = await started;
      const told: KernelEvent[] = [];
      for await (const batch of events) {
        told.push(...batch);
        if (batch.some(({ type, tgid }) => type === "release" && tgid === pid)) break;
      }
      expect(told[0]).toMatchObject({ seq: 0, type: "fork" });
      const types = told.filter(({ comm }) => comm === "ddtest").map(({ type }) => type);
      expect(types).toEqual(["exec", "create", "enter", "post", "write", "read", "read", "exit", "release"]);
      expect(text(told.find(({ type }) => type === "post")?.payload)).toBe("after");
      expect((await guest.run(["echo", "more"])).stdout).toBe("more\n");
      expect(guest.counts).toMatchObject({ sessions: 1, gaps: 0, stale: 0, malformed: 0 });
    });

    it("begins a new session where the saved one is another guest's", async () => {
      const { machine, session } = await restoredWith({ epoch: 4711 });
      await using _ = machine;
      await machine.run({ pace: "none" });
      const { guest } = resume(machine.bridge, session, { heartbeatMs: 100, deadlineMs: 300 });
      await using __ = guest;
      const lost = await rejection(guest.run(["echo", "lost"]));
      expect(lost.message).toMatch(/no answer for 0.3 s|has not answered for 0.3 s/);
      await expect.poll(() => guest.counts.sessions, { timeout: 60_000 }).toBe(2);
      expect((await guest.run(["echo", "found"])).stdout).toBe("found\n");
      const { stdout } = await guest.run(["sh", "-c", "ls -l /proc/$PPID/fd"]);
      expect(stdout).toContain("ttyS1");
      expect(stdout).not.toContain("[ddlink]"); // the monitor of the session that is over
    });

    it("cannot be saved while anything else is under way", async () => {
      const { guest } = booted;
      await using events = await guest.events();
      await guest.run(["true"]); // which the monitor tells of
      expect(() => guest.save(events)).toThrow(
        "events have come already; open the monitor, and nothing else, just before",
      );
      await using second = await guest.events();
      expect(() => guest.save(second)).toThrow("2 streams are open");
    });
  });

  describe("the machine below", () => {
    it("takes 2 MiB in and gives 2 MiB out, whole", { timeout: 300_000 }, async () => {
      const bytes = randomBytes(2 * MIB);
      const { guest } = booted;
      await guest.files.put("/tmp/bytes", bytes);
      expect((await guest.run(["sha256sum", "/tmp/bytes"])).stdout).toContain(sha256(bytes));
      expect(sha256(await guest.files.get("/tmp/bytes"))).toBe(sha256(bytes));
      await guest.run(["rm", "/tmp/bytes"]);
      expect(guest.counts).toMatchObject({ badCrc: 0, malformed: 0, gaps: 0 });
    });

    it("agrees with serialrate about what SHA-256 is", async () => {
      const bytes = randomBytes(100_001);
      const { stdout } = await booted.guest.run(["serialrate", "in", "-", "100001"], { stdin: bytes });
      expect(stdout).toBe(`100001 bytes\n${sha256(bytes)}\n`);
    });

    it("takes the host's time and chance", async () => {
      const { guest } = booted;
      await guest.setClock(new Date("2031-02-03T04:05:06.789Z"));
      expect((await guest.run(["date", "-u", "+%Y-%m-%d %H:%M"])).stdout).toBe("2031-02-03 04:05\n");
      await guest.reseed();
      expect((await rejection(guest.setClock(new Date(-8.64e15)))).message).toContain("Invalid argument");
    });

    it("has terminals", async () => {
      const pty = { rows: 12, columns: 34 };
      const { stdout } = await booted.guest.run(["sh", "-c", "tty; stty size"], { pty });
      expect(stdout).toMatch(/^\/dev\/pts\/\d+\r\n12 34\r\n$/);
    });

    it("starts the agent again when it dies", async () => {
      const { guest } = booted;
      const state = guest.state.value;
      if (state.kind !== "connected") throw new Error(state.reason);
      const running = await guest.exec(["sleep", "1000"]);
      const killed = guest.run(["kill", "-9", String(state.agent.pid)]);
      expect(await rejection(running.exited)).toBeInstanceOf(SessionLostError);
      await rejection(killed);
      await expect.poll(() => guest.state.value.kind, { timeout: 20_000 }).toBe("connected");
      expect((await guest.run(["ddtest", "back"])).stdout).toContain('read(4096) = 4 "back"');
      expect((await guest.run(["pidof", "sleep"])).code).toBe(1); // died with its agent
    });

    it("is restored in the middle of a command", { timeout: 300_000 }, async () => {
      const { guest, machine } = booted;
      const running = await guest.exec(["sh", "-c", "echo started; read line; echo got $line"], {
        stdin: "open",
      });
      const output = running.stdout[Symbol.asyncIterator]();
      expect(text((await output.next()).value)).toBe("started\n");
      const data = await machine.checkpoint({ compress: false });

      const { volume } = await coldStart();
      await using restored = await openMachine({ checkpoint: { data }, ...(volume ? { volume } : {}) });
      await restored.run({ pace: "none" });
      await using twin = await connect(restored.bridge, { connectMs: 60_000 });
      expect((await twin.run(["ddtest", "twin"])).stdout).toContain('read(4096) = 4 "twin"');
      expect((await twin.run(["ps"])).stdout).not.toContain("read line");
      await restored.pause();

      await running.write("on\n"); // the first one knows nothing of it
      expect(text((await output.next()).value)).toBe("got on\n");
      expect((await running.exited).code).toBe(0);
    });
  });
});
