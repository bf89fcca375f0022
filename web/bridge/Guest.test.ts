// SPDX-License-Identifier: MIT
// The Guest API on the agent itself, built for this machine and run on a socket.
import { createHash, randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DeadlineError, GuestError, SessionLostError } from "./BridgeError.ts";
import { connect, type Guest } from "./Guest.ts";
import { compileAgent, hasCompiler, NativeAgent } from "./NativeAgent.ts";

const COMPILE_MS = 120_000;
const MIB = 1 << 20;

const folder = mkdtempSync(join(tmpdir(), "ddlab-bridge-"));
afterAll(() => rmSync(folder, { recursive: true }));

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function until(what: string, condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 10) {
    if (waited > 8000) throw new Error(`${what}: not within 8 s`);
    await sleep(10);
  }
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("nothing was thrown");
}

describe.skipIf(!hasCompiler)("Guest", () => {
  let agent: NativeAgent;
  let guest: Guest;

  beforeAll(() => void compileAgent(), COMPILE_MS);
  beforeEach(async () => {
    agent = new NativeAgent();
    agent.start();
    guest = await connect(agent, { syncMs: 200, deadlineMs: 1000, heartbeatMs: 100 });
  });
  afterEach(async () => {
    await guest[Symbol.asyncDispose]();
    await agent[Symbol.asyncDispose]();
  });

  describe("programs", () => {
    it("gives output, errors and exit code apart", async () => {
      const result = await guest.run(["sh", "-c", "echo out; echo err >&2; exit 3"]);
      expect(result).toMatchObject({ stdout: "out\n", stderr: "err\n", code: 3, signal: undefined });
      expect(result.rusage.maxRssKib).toBeGreaterThan(0);
    });

    it("hands arguments on untouched, without a shell", async () => {
      const args = ["", "two words", "$HOME", 'quote"s', "ünï"];
      expect((await guest.run(["printf", "<%s>", ...args])).stdout).toBe(args.map((a) => `<${a}>`).join(""));
    });

    it("sets folder and environment", async () => {
      const { stdout } = await guest.run(["sh", "-c", "pwd; echo $A-$HOME"], {
        cwd: "/usr",
        env: { A: "b" },
      });
      expect(stdout).toBe("/usr\nb-/root\n");
    });

    it("feeds standard input and ends it", async () => {
      expect((await guest.run(["cat"], { stdin: "abc" })).stdout).toBe("abc");
    });

    it("ends the input after what was written, awaited or not", async () => {
      const process = await guest.exec(["wc", "-c"], { stdin: "open" });
      const written = process.write(new Uint8Array(300_000));
      const ended = process.closeStdin();
      expect(new TextDecoder().decode((await process.stdout[Symbol.asyncIterator]().next()).value)).toBe(
        "300000\n",
      );
      await Promise.all([written, ended]);
    });

    it("has no input unless told", async () => {
      expect((await guest.run(["cat"])).stdout).toBe("");
    });

    it("writes to a program that is running", async () => {
      const process = await guest.exec(["sh", "-c", "read a; echo got $a; read b; echo got $b"], {
        stdin: "open",
      });
      const lines = process.stdout[Symbol.asyncIterator]();
      await process.write("1\n");
      expect(new TextDecoder().decode((await lines.next()).value)).toBe("got 1\n");
      await process.write("2\n");
      expect(new TextDecoder().decode((await lines.next()).value)).toBe("got 2\n");
      expect((await process.exited).code).toBe(0);
    });

    it("says that a program has closed its input", async () => {
      const process = await guest.exec(["sh", "-c", "exec <&-; echo closed; sleep 5"], { stdin: "open" });
      await process.stdout[Symbol.asyncIterator]().next();
      const writing = (async () => {
        for (;;) await process.write(new Uint8Array(10_000));
      })();
      expect((await rejection(writing)).message).toContain("its reader has closed");
      process.kill("SIGKILL");
    });

    it("refuses what cannot start, by name", async () => {
      const missing = await rejection(guest.run(["/no/such/program"]));
      expect(missing).toBeInstanceOf(GuestError);
      expect(missing).toMatchObject({ code: "ENOENT" });
      expect(missing.message).toContain("/no/such/program");
      expect(await rejection(guest.run(["true"], { cwd: "/nowhere" }))).toMatchObject({ code: "ENOENT" });
      expect(await rejection(guest.run(["/etc/passwd"]))).toMatchObject({ code: "EACCES" });
      expect((await rejection(guest.run([]))).message).toContain("argv is empty");
      expect((await rejection(guest.run(["a\0b"]))).message).toContain("NUL");
      expect(await rejection(guest.run(["echo", "x".repeat(200_000)]))).toMatchObject({ code: "E2BIG" });
      const tooLong = await rejection(guest.run(["echo", ...Array<string>(6).fill("x".repeat(100_000))]));
      expect(tooLong.message).toMatch(/argv, env and cwd are \d+ bytes: at most 524288 fit/);
      expect((await guest.run(["echo", "x".repeat(120_000)])).stdout).toHaveLength(120_001);
    });

    it("takes 8 MiB out, whole", async () => {
      const path = join(folder, "8MiB");
      const bytes = randomBytes(8 * MIB);
      writeFileSync(path, bytes);
      const process = await guest.exec(["cat", path]);
      const hash = createHash("sha256");
      for await (const chunk of process.stdout) hash.update(chunk);
      expect(hash.digest("hex")).toBe(sha256(bytes));
      expect((await process.exited).code).toBe(0);
    });

    it("takes 8 MiB in, whole", async () => {
      const bytes = randomBytes(8 * MIB);
      expect((await guest.run(["sha256sum"], { stdin: bytes })).stdout).toBe(`${sha256(bytes)}  -\n`);
    });

    it("exits only after both outputs have ended", async () => {
      const process = await guest.exec(["sh", "-c", "(sleep 0.3; echo late; echo late >&2) & echo early"]);
      let output = "";
      const order: string[] = [];
      const reading = [process.stdout, process.stderr].map(async (stream) => {
        for await (const chunk of stream) output += new TextDecoder().decode(chunk);
        order.push("ended");
      });
      const exit = process.exited.then(() => order.push("exited"));
      await Promise.all([...reading, exit]);
      expect(output).toBe("early\nlate\nlate\n");
      expect(order).toEqual(["ended", "ended", "exited"]);
    });

    it("holds a program back that nobody reads, and loses nothing", async () => {
      const process = await guest.exec(["sh", "-c", "seq 1 2000000"]);
      await sleep(400);
      const early = agent.bytesFromGuest;
      expect(early).toBeGreaterThan(200_000);
      expect(early).toBeLessThan(300_000); // a window of 256 KiB and its frames
      await sleep(200);
      expect(agent.bytesFromGuest).toBeLessThan(early + 2000); // nothing but pongs
      let last = "";
      let bytes = 0;
      for await (const chunk of process.stdout) {
        bytes += chunk.length;
        last = new TextDecoder().decode(chunk);
      }
      expect(bytes).toBe(14_888_896);
      expect(last.endsWith("\n2000000\n")).toBe(true);
    });

    it("stops a program whose output is not wanted any more", async () => {
      const process = await guest.exec(["yes"]);
      for await (const chunk of process.stdout) if (chunk.length > 0) break;
      expect((await process.exited).signal).toBe("SIGPIPE");
    });

    it("kills, with any signal, the children too", async () => {
      const process = await guest.exec(["sh", "-c", "sleep 100 & wait"]);
      process.kill("SIGTERM");
      expect((await process.exited).signal).toBe("SIGTERM");
    });

    it("kills when disposed of or aborted", async () => {
      const disposed = await guest.exec(["sleep", "100"]);
      await disposed[Symbol.asyncDispose]();
      const abort = new AbortController();
      const aborted = await guest.exec(["sleep", "100"], { signal: abort.signal });
      abort.abort(new Error("enough"));
      expect((await rejection(aborted.exited)).message).toBe("enough");
      await until("both are gone", () => !isAlive(disposed.pid) && !isAlive(aborted.pid));
    });

    it("keeps time limits, even if a child holds the output open", async () => {
      const process = await guest.exec(["sh", "-c", "setsid sleep 4 & wait"], { timeoutMs: 200 });
      expect(await process.exited).toMatchObject({ signal: "SIGKILL", limit: "time" });
      const message = (await rejection(guest.run(["sleep", "9"], { timeoutMs: 100 }))).message;
      expect(message).toContain("its time limit of 100 ms was over");
    });

    it("keeps idle limits", async () => {
      const script = "for i in 1 2 3 4 5; do sleep 0.15; echo $i; done; sleep 9";
      const process = await guest.exec(["sh", "-c", script], { idleMs: 400 });
      let output = "";
      for await (const chunk of process.stdout) output += new TextDecoder().decode(chunk);
      expect(output).toBe("1\n2\n3\n4\n5\n");
      expect(await process.exited).toMatchObject({ signal: "SIGKILL", limit: "idle" });
    });

    it("gives a program a terminal", async () => {
      const process = await guest.exec(["sh", "-c", "tty; stty size; cat"], {
        pty: { rows: 33, columns: 99 },
      });
      await process.write("typed\n");
      await process.closeStdin();
      let output = "";
      for await (const chunk of process.stdout) output += new TextDecoder().decode(chunk);
      expect(output).toMatch(/\/dev\/pts\/\d+\r\n/);
      expect(output).toContain("33 99\r\n");
      expect(output.match(/typed\r\n/g)).toHaveLength(2); // the echo and cat's
      expect((await process.exited).code).toBe(0);
    });

    it("runs at most 16 programs", async () => {
      const all = await Promise.all(Array.from({ length: 16 }, () => guest.exec(["sleep", "100"])));
      const refused = await rejection(guest.exec(["true"]));
      expect(refused.message).toBe("all 16 programs are running: end one first");
      for (const process of all) process.kill("SIGKILL");
      await Promise.all(all.map((process) => process.exited));
      expect((await guest.run(["echo", "again"])).stdout).toBe("again\n");
    });
  });

  describe("files", () => {
    it("puts, gets and checks", async () => {
      const path = join(folder, "file");
      const bytes = randomBytes(MIB + 1);
      expect(await guest.files.put(path, bytes, { mode: 0o600 })).toBe(bytes.length);
      expect(readFileSync(path).equals(bytes)).toBe(true);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(sha256(await guest.files.get(path))).toBe(sha256(bytes));
      expect(await guest.files.put(path, "")).toBe(0);
      expect(await guest.files.get(path)).toHaveLength(0);
    });

    it("describes a file", async () => {
      const path = join(folder, "described");
      writeFileSync(path, "12345", { mode: 0o640 });
      const host = statSync(path, { bigint: true });
      expect(await guest.files.stat(path)).toMatchObject({
        kind: "file",
        mode: 0o640,
        size: 5,
        ino: host.ino,
        mtimeNs: host.mtimeNs,
      });
    });

    it("lists a folder of any size", async () => {
      const many = mkdtempSync(join(folder, "many-"));
      for (let i = 0; i < 3000; i++) writeFileSync(join(many, `file number ${i}`), "");
      symlinkSync("a/target", join(many, "link"));
      const entries = await guest.files.list(many);
      expect(entries).toHaveLength(3001);
      expect(entries.find(({ name }) => name === "link")).toMatchObject({
        kind: "symlink",
        target: "a/target",
      });
      expect(new Set(entries.map(({ name }) => name))).toContain("file number 2999");
      expect(await guest.files.list(mkdtempSync(join(folder, "empty-")))).toEqual([]);
    });

    it("refuses with the path and the reason", async () => {
      const { files } = guest;
      const missing = await rejection(files.get("/no/such/file"));
      expect(missing).toMatchObject({
        code: "ENOENT",
        message: "open /no/such/file: No such file or directory",
      });
      expect(await rejection(files.stat("/no"))).toMatchObject({ code: "ENOENT" });
      expect(await rejection(files.list("/etc/passwd"))).toMatchObject({ code: "ENOTDIR" });
      expect(await rejection(files.put("/no/such/folder/file", "x"))).toMatchObject({ code: "ENOENT" });
      expect(await rejection(files.put("/tmp", "x"))).toMatchObject({ code: "EISDIR" });
      expect((await rejection(files.put("/dev/null", "x"))).message).toContain("not a regular file");
      expect(await rejection(files.get("/tmp"))).toMatchObject({ code: "EISDIR" });
      expect((await rejection(files.get(`/${"x".repeat(5000)}`))).message).toContain("exceeds a bound");
    });

    it("stops reading when its reader leaves", async () => {
      for await (const part of guest.files.read("/dev/zero")) if (part.length > 0) break;
      expect((await guest.run(["echo", "fine"])).stdout).toBe("fine\n");
    });
  });

  describe("links", () => {
    it("says what has none, and the way out", async () => {
      const refused = await rejection(guest.openLink("/tmp"));
      expect(refused).toMatchObject({ code: "ENOTTY" });
      expect(refused.message).toContain("nothing there makes links (a Tux3 volume does)");
      expect(await rejection(guest.openLink("/nope"))).toMatchObject({ code: "ENOENT" });
    });

    it("says where the monitor is missing", async () => {
      expect((await rejection(guest.events())).message).toContain("/dev/ddlink");
    });
  });

  describe("sessions", () => {
    it("opens at most 64 streams", async () => {
      const fifo = join(folder, "fifo");
      await guest.run(["mkfifo", fifo]);
      await guest.exec(["sh", "-c", `sleep 100 > ${fifo}`]); // a writer, so that reading waits
      const abort = new AbortController();
      setMaxListeners(100, abort.signal);
      const waiting = Array.from({ length: 70 }, () =>
        rejection(guest.files.get(fifo, { signal: abort.signal })),
      );
      const refused = await Promise.race(waiting);
      expect(refused.message).toBe("all 64 streams are open: end one first");
      abort.abort(new Error("over"));
      await Promise.all(waiting);
      expect((await guest.run(["echo", "free"])).stdout).toBe("free\n");
    });

    it("kills what the old session started when a new one begins", async () => {
      const process = await guest.exec(["sleep", "100"]);
      guest.restart("the guest was restored");
      const lost = await rejection(process.exited);
      expect(lost).toBeInstanceOf(SessionLostError);
      expect(lost.message).toContain("the guest was restored");
      await until("connected", () => guest.state.value.kind === "connected");
      await until("killed", () => !isAlive(process.pid));
      expect((await guest.run(["echo", "new"])).stdout).toBe("new\n");
    });

    it("survives an agent that is killed in the middle of a frame", async () => {
      const first = agent.pid;
      const process = await guest.exec(["cat", "/dev/zero"]);
      const reading = rejection(
        (async () => {
          for await (const chunk of process.stdout) if (chunk.length < 0) break;
        })(),
      );
      let cut = false;
      agent.fromGuest = (bytes) => (cut ? new Uint8Array() : bytes);
      await sleep(50);
      agent.fromGuest = (bytes) => {
        const part = cut ? new Uint8Array() : bytes.subarray(0, bytes.length - 5);
        cut = true;
        return part;
      };
      await until("a frame was cut", () => cut);
      await agent.kill();
      agent.fromGuest = (bytes) => bytes;
      agent.start();
      expect(await reading).toBeInstanceOf(SessionLostError);
      expect((await rejection(process.exited)).message).toContain("was started anew");
      await until("connected", () => guest.state.value.kind === "connected");
      expect(agent.pid).not.toBe(first);
      expect((await guest.run(["echo", "back"])).stdout).toBe("back\n");
    });

    it.each(["toGuest", "fromGuest"] as const)("starts anew after a bad frame %s", async (direction) => {
      const process = await guest.exec(["sleep", "100"]);
      let damaged = false;
      agent[direction] = (bytes) => {
        if (damaged || bytes.length < 10) return bytes;
        damaged = true;
        return bytes.map((byte, i) => (i === 5 ? byte ^ 1 : byte));
      };
      const call = rejection(guest.run(["echo", "x"]));
      expect(await call).toBeInstanceOf(Error);
      expect(await rejection(process.exited)).toBeInstanceOf(SessionLostError);
      await until("connected", () => guest.state.value.kind === "connected");
      expect((await guest.run(["echo", "sound"])).stdout).toBe("sound\n");
      if (direction === "fromGuest") expect(guest.counts.badCrc + guest.counts.malformed).toBe(1);
      expect(guest.counts.sessions).toBe(2);
    });

    it("hears noise between frames and goes on", async () => {
      const process = await guest.exec(["cat"], { stdin: "open" });
      agent.inject(new TextEncoder().encode("\0[   12.345678] noise\n\0"));
      await process.closeStdin();
      expect((await process.exited).code).toBe(0);
      expect(guest.counts).toMatchObject({ malformed: 1, sessions: 1, gaps: 0 });
    });

    it("notices an agent that stands still, and its return", async () => {
      const process = await guest.exec(["sleep", "100"]);
      globalThis.process.kill(agent.pid, "SIGSTOP");
      const lost = await rejection(process.exited);
      expect(lost.message).toContain("has not answered for 1 s");
      await until("lost", () => guest.state.value.kind === "lost");
      expect((await rejection(guest.run(["true"]))).message).toContain("the guest does not answer");
      globalThis.process.kill(agent.pid, "SIGCONT");
      await until("connected", () => guest.state.value.kind === "connected");
      expect((await guest.run(["echo", "awake"])).stdout).toBe("awake\n");
    });

    it("does not take a machine that stands still for a dead one", async () => {
      await guest[Symbol.asyncDispose]();
      let running = true;
      guest = await connect(agent, { deadlineMs: 300, heartbeatMs: 50, running: () => running });
      const process = await guest.exec(["sleep", "100"]);
      running = false;
      globalThis.process.kill(agent.pid, "SIGSTOP");
      await sleep(600);
      globalThis.process.kill(agent.pid, "SIGCONT");
      running = true;
      process.kill("SIGTERM");
      expect((await process.exited).signal).toBe("SIGTERM");
    });

    it("leaves nothing behind when the line ends", async () => {
      const process = await guest.exec(["sleep", "100"], { stdin: "open" });
      await guest.exec(["yes"]);
      await sleep(50);
      expect(await agent.hangUp()).toBe(0); // the leak checker would make it 1
      await until("killed", () => !isAlive(process.pid));
    });

    it("gives up on a line without an agent", async () => {
      const silent = { write: async () => {}, subscribe: () => () => {} };
      const refused = await rejection(connect(silent, { connectMs: 300 }));
      expect(refused).toBeInstanceOf(DeadlineError);
    });
  });
});
