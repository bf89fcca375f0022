// SPDX-License-Identifier: MIT
// The contract of ddlink on the 32-bit kernel in QEMU: the kernel's own selftest, whose every line must be "ok".
import { beforeAll, expect, test } from "vitest";
import { TestMachine } from "./TestMachine.ts";

const BUILD_MS = 1_500_000;
const RUN_MS = 400_000;

let output: string;

beforeAll(async () => {
  const machine = await TestMachine.build();
  output = await machine.run([await machine.selftest("ddlink/ddlink_test.c")], RUN_MS);
}, BUILD_MS + RUN_MS);

/** Lines of the form "ok 3 echo.nowait" or "not ok 3 echo.nowait". */
function results(): { ok: string[]; failed: string[]; planned: number } {
  const lines = output.split(/\r?\n/);
  const named = (start: RegExp) =>
    lines.filter((line) => start.test(line)).map((line) => line.replace(start, ""));
  return {
    ok: named(/^ok \d+ /),
    failed: named(/^not ok \d+ /),
    planned: Number(output.match(/^1\.\.(\d+)/m)?.[1] ?? 0),
  };
}

test("every clause holds", () => {
  const { ok, failed, planned } = results();
  expect(failed, output).toEqual([]);
  expect(ok).toHaveLength(planned);
  expect(planned).toBeGreaterThanOrEqual(81);
  expect(output).toContain("ended with status 0");
});

test("no clause is skipped: the test kernel has all that the selftest asks for", () => {
  expect(results().ok.filter((line) => line.includes("SKIP"))).toEqual([]);
});

test.each([
  ["reading and writing", "echo.short_buffer_is_eio_and_keeps_the_item"],
  ["the order of items", "component.posts_come_before_queued_in_order"],
  ["losses", "component.losses_are_told_in_their_place"],
  ["hang-up", "component.hangup"],
  ["no lock is held while a reader's memory is waited for", "component.stuck_reader_stops_nobody_else"],
  ["memory is the maker's", "global.charged_to_the_makers_cgroup"],
  ["io_uring", "echo.io_uring_needs_no_worker"],
  ["many readers and writers", "echo.crowd_exactly_once_in_order"],
  ["the monitor, event by event", "monitor.echo_event_by_event"],
  ["the monitor against tracefs", "monitor.agrees_with_tracefs"],
])("%s", (_what, name) => {
  expect(results().ok).toContain(name);
});

test("the kernel has nothing to complain of", () => {
  expect(output).not.toMatch(/BUG:|WARNING:|Oops|Call Trace|general protection/);
});
