// SPDX-License-Identifier: MIT
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { concatenated, flowOf } from "../../test/bench/recordedLog.ts";
import { Flow } from "../flow/Flow.ts";
import { writeLog } from "../flow/log/writeLog.ts";
import { echoRun, forkRun, ScriptedKernel } from "../flow/ScriptedKernel.ts";
import { flowOfRun, packLog, unpackLog } from "./carriedLog.ts";
import { readLog } from "./readLog.ts";

const { events } = forkRun(echoRun(new ScriptedKernel()));
const FORK = new URL("../../test/e2e/golden/fork.json", import.meta.url);
const flow = new Flow();
for (const event of events) flow.push(event);

function eventsOf(one: Flow) {
  return Array.from({ length: one.length }, (_, row) => one.event(row));
}

it("carries one run through an address, event by event", async () => {
  const [, second] = flow.runs;
  if (!second) throw new Error("one run only");
  const alone = flowOfRun(flow, second);
  const packed = await packLog(alone);
  expect(packed).toMatch(/^[\w-]+$/);
  expect(packed?.length).toBeLessThan(2000);
  const back = await readLog(unpackLog(packed ?? ""));
  expect(eventsOf(back)).toEqual(eventsOf(alone));
  expect(eventsOf(back)).toEqual(events.filter((_, row) => flow.runOf(row) === second));
});

it("says when a run is too long to be carried", async () => {
  const long = new Flow();
  for (let n = 0; n < 20_000; n++)
    for (const event of events.slice(0, 3))
      long.push({ ...event, timeNs: event.timeNs + n * 977 * n, seq: n });
  expect(await packLog(long)).toBeNull();
});

it("carries three thousand events of real programs", async () => {
  const recorded = await readLog(new Blob([await readFile(FORK)]).stream());
  const all = [...concatenated(eventsOf(recorded), 3000)];
  const packed = await packLog(flowOf(all));
  expect(packed?.length).toBeLessThan(16_000);
  expect(eventsOf(await readLog(unpackLog(packed ?? "")))).toEqual(all);
});

it("carries where the monitor began anew", async () => {
  const cut = new Flow();
  for (const event of events.slice(0, 4)) cut.push(event);
  cut.cut();
  for (const event of events.slice(4)) cut.push(event);
  cut.cut();
  const back = await readLog(unpackLog((await packLog(cut)) ?? ""));
  expect([...back.cuts]).toEqual([4, events.length]);
});

it("reads links of earlier versions, which carry the log as it is", async () => {
  const bytes = gzipSync([...writeLog(flow)].join(""));
  expect(eventsOf(await readLog(unpackLog(bytes.toString("base64url"))))).toEqual(events);
});

it("rejects a link that blows up", async () => {
  const bomb = gzipSync("[".repeat(40 << 20)).toString("base64url");
  await expect(readLog(unpackLog(bomb))).rejects.toThrow("more than any link");
});

it("rejects what is no log", async () => {
  await expect(readLog(unpackLog("AAAA"))).rejects.toThrow();
  await expect(readLog(unpackLog("%%"))).rejects.toThrow();
  const columns = gzipSync('{"header":1,"cuts":[],"columns":[[null]]}').toString("base64url");
  await expect(readLog(unpackLog(columns))).rejects.toThrow();
});
