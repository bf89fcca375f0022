// SPDX-License-Identifier: MIT
// Hostile bytes for the agent: its decoder alone, and the whole of it in a session.
// DDLAB_DEEP=1 adds a minute of libFuzzer where clang is installed.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { encodeFrame, FRAME } from "./Frame.ts";
import { connect } from "./Guest.ts";
import { Credit, Request } from "./generated/bridge.ts";
import { canRun, compileAgent, compileNative, hasCompiler, NativeAgent } from "./NativeAgent.ts";
import { codecSources } from "./NativeCodec.ts";

const COMPILE_MS = 120_000;
const DEEP_S = 60;
const CLANG = ["clang", "clang-14", "clang-19"].find(canRun);

const small = fc.nat(6);
/** Of strings; now and then one that is too many to count. */
const count = fc.oneof(
  { weight: 9, arbitrary: small },
  { weight: 1, arbitrary: fc.constantFrom(2 ** 31, 2 ** 32 - 1) },
);
const path = fc.constantFrom("/dev/zero", "/proc/self/maps", "/nope", "/tmp", "/dev/tty");

/** Requests that harm nobody whatever comes of them. */
const anyRequest = fc
  .oneof(
    fc.record({
      $case: fc.constant("exec" as const),
      value: fc.record({
        argc: count,
        envc: count,
        strings: fc.nat(40),
        input: fc.boolean(),
        pty: fc.boolean(),
        rows: fc.constant(0),
        columns: fc.constant(0),
        stderrStream: small,
        timeLimitMs: fc.nat(30),
        idleLimitMs: fc.constant(0),
      }),
    }),
    fc.record({
      $case: fc.constant("kill" as const),
      value: fc.record({ signal: fc.constantFrom(0, 9, 15, 99) }),
    }),
    {
      weight: 4,
      arbitrary: fc.record({
        $case: fc.constantFrom("get" as const, "stat" as const, "list" as const, "openLink" as const),
        value: fc.record({ path }),
      }),
    },
    fc.record({ $case: fc.constant("watch" as const), value: fc.record({ snaplen: fc.nat() }) }),
    fc.constant({ $case: "call" as const, value: { what: { $case: "read" as const, value: 100 } } }),
  )
  .map((what) => Request.encode({ what }).finish());

/** What a program's strings look like: now and then a program. */
const strings = fc
  .constantFrom("\0true\0", "\0cat\0", "\0yes\0", "\0sleep\x009\0", "\0", "x")
  .map((text) => Buffer.from(text));

const anyFrame = fc.record({
  type: fc.oneof(
    fc.constantFrom(FRAME.ping, FRAME.request, FRAME.request, FRAME.data, FRAME.credit, FRAME.cancel),
    fc.nat(255).filter((type) => type !== FRAME.sync),
  ),
  flags: fc.oneof(fc.constantFrom(0, 0, 1, 2), fc.nat(255)),
  stream: small,
  body: fc.oneof(
    anyRequest,
    strings,
    fc.uint8Array({ maxLength: 40 }),
    fc.nat(100_000).map((bytes) => Credit.encode({ bytes }).finish()),
  ),
});

describe.skipIf(!hasCompiler)("hostile bytes", () => {
  beforeAll(() => void compileAgent(), COMPILE_MS);

  it(
    "do not harm the decoder",
    () => {
      const program = compileNative("fuzz", codecSources("fuzz.c"), ["gcc", "-DSTANDALONE"]);
      const seed = String(fc.sample(fc.nat(1e6), 1)[0]);
      expect(execFileSync(program, ["5000", seed]).toString()).toBe("5000 rounds\n");
    },
    COMPILE_MS,
  );

  it.skipIf(!process.env.DDLAB_DEEP || !CLANG)(
    `do not harm the decoder, with libFuzzer, for ${DEEP_S} s`,
    () => {
      const compiler = [CLANG ?? "clang", "-fsanitize=fuzzer"];
      const program = compileNative("fuzz", codecSources("fuzz.c"), compiler);
      const corpus = mkdtempSync(join(tmpdir(), "ddlab-fuzz-"));
      execFileSync(program, [`-max_total_time=${DEEP_S}`, "-max_len=4096", corpus], {
        cwd: corpus,
        stdio: "pipe",
      });
      rmSync(corpus, { recursive: true });
    },
    COMPILE_MS + DEEP_S * 1000,
  );

  it("do not harm the agent, in a session and out of step", { timeout: 60_000 }, async () => {
    await using agent = new NativeAgent();
    agent.start();
    const pid = agent.pid;
    await fc.assert(
      fc.asyncProperty(fc.array(anyFrame, { maxLength: 40 }), async (frames) => {
        await using guest = await connect(agent, { nonce: () => 7, heartbeatMs: 0 });
        const bytes = frames.map((frame, i) => encodeFrame({ ...frame, sequence: i + 1, epoch: 8 }));
        await agent.write(Buffer.concat(bytes));
        guest.restart("next round");
        await expect.poll(() => guest.state.value.kind, { timeout: 5000 }).toBe("connected");
      }),
      { numRuns: 150 },
    );
    expect(agent.pid).toBe(pid);
    expect(await agent.hangUp()).toBe(0); // nothing leaked either
  });
});
