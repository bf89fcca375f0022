// SPDX-License-Identifier: MIT
// The contract of ddlink on the 32-bit kernel, in QEMU and in v86: the kernel's own selftest, whose every line must
// be "ok", and none skipped: the test kernel has all that it asks for.
import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import type { Guest } from "../../../web/bridge/Guest.ts";
import { BootedGuest } from "../../../web/cli/bootGuest.ts";
import { complaintsOf } from "./Harness.ts";
import { faultsOf, forgottenSources, selftest } from "./Selftest.ts";
import { type Program, TestKernel } from "./TestKernel.ts";

const BUILD_MS = 1_500_000;
const RUN_MS = 400_000;
const V86_MEMORY = 128 * 1024 * 1024;

let kernel: TestKernel;

beforeAll(async () => {
  kernel = await TestKernel.test();
}, BUILD_MS);

async function inQemu(): Promise<string> {
  return kernel.run(await selftest(kernel), RUN_MS);
}

/** Runs a program in a guest that has what it looks at; its last line is that of test/guest/ddlink/init.c. */
async function runIn(guest: Guest, { file }: Program, signal: AbortSignal): Promise<string> {
  const path = `/tmp/${file.name}`;
  await guest.files.put(path, file.data, { mode: file.mode, signal });
  const { stdout, stderr, code } = await guest.run([path], { signal });
  return `${stdout}\n${stderr}\ninit: ${path} ended with status ${code}\n`;
}

async function inV86(): Promise<string> {
  const programs = await selftest(kernel);
  const image = new Uint8Array(await readFile(kernel.image));
  const signal = AbortSignal.timeout(RUN_MS);
  await using booted = await BootedGuest.boot({
    kernel: { data: image },
    hardware: { memoryBytes: V86_MEMORY },
  });
  const { guest } = booted;
  await guest.run(["mount", "-t", "tracefs", "tracefs", "/sys/kernel/tracing"], { signal });
  await guest.run(["mount", "-t", "cgroup2", "cgroup2", "/sys/fs/cgroup"], { signal });
  for (const { name, data } of await kernel.modules()) {
    await guest.files.put(`/tmp/${name}`, data, { signal });
    await guest.run(["busybox", "insmod", `/tmp/${name}`], { signal });
  }
  let output = "";
  for (const program of programs) output += await runIn(guest, program, signal);
  const { stdout: messages } = await guest.run(["dmesg"], { signal });
  return `${output}\n${messages}`;
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
    expect(faultsOf(output), output).toEqual([]);
  });

  test("the kernel has nothing to complain of", () => {
    expect(complaintsOf(output)).toEqual([]);
  });
});

test("every source is a program of the selftest", async () => {
  expect(await forgottenSources()).toEqual([]);
});
