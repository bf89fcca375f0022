// SPDX-License-Identifier: MIT
// The contract of ddlink on the 32-bit kernel, in QEMU and in v86: the kernel's own selftest, whose every line must
// be "ok".
import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { BootedGuest } from "../../../web/cli/bootGuest.ts";
import { complaintsOf, resultsOf } from "./Harness.ts";
import { TestKernel } from "./TestKernel.ts";

const BUILD_MS = 1_500_000;
const RUN_MS = 400_000;
const V86_MEMORY = 128 * 1024 * 1024;
const CLAUSES = 82;

let kernel: TestKernel;

beforeAll(async () => {
  kernel = await TestKernel.test();
}, BUILD_MS);

async function inQemu(): Promise<string> {
  return kernel.run([{ file: await kernel.selftest("ddlink/ddlink_test.c") }], RUN_MS);
}

async function inV86(): Promise<string> {
  const { data } = await kernel.selftest("ddlink/ddlink_test.c");
  const image = new Uint8Array(await readFile(kernel.image));
  const signal = AbortSignal.timeout(RUN_MS);
  await using booted = await BootedGuest.boot({
    kernel: { data: image },
    hardware: { memoryBytes: V86_MEMORY },
  });
  const { guest } = booted;
  await guest.files.put("/tmp/ddlink_test", data, { mode: 0o755, signal });
  await guest.run(["mount", "-t", "tracefs", "tracefs", "/sys/kernel/tracing"], { signal });
  await guest.run(["mount", "-t", "cgroup2", "cgroup2", "/sys/fs/cgroup"], { signal });
  const { stdout, stderr, code } = await guest.run(["/tmp/ddlink_test"], { signal });
  const { stdout: messages } = await guest.run(["dmesg"], { signal });
  return `${stdout}\n${stderr}\n${messages}\ninit: /ddlink_test ended with status ${code}\n`;
}

describe.each([
  ["QEMU", inQemu],
  ["v86", inV86],
])("in %s", (_where, run) => {
  let output: string;

  beforeAll(async () => {
    output = await run();
  }, RUN_MS);

  test("every clause holds", () => {
    const { ok, failed, planned } = resultsOf(output);
    expect(failed, output).toEqual([]);
    expect(ok).toHaveLength(planned);
    expect(planned).toBeGreaterThanOrEqual(CLAUSES);
    expect(output).toContain("ended with status 0");
  });

  test("no clause is skipped: the test kernel has all that the selftest asks for", () => {
    expect(resultsOf(output).skipped).toEqual([]);
  });

  test("the kernel has nothing to complain of", () => {
    expect(complaintsOf(output)).toEqual([]);
  });
});
