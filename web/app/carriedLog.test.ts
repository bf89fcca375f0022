// SPDX-License-Identifier: MIT
import { expect, it } from "vitest";
import { Flow } from "../flow/Flow.ts";
import { echoRun, forkRun, ScriptedKernel } from "../flow/ScriptedKernel.ts";
import { flowOfRun, packLog, unpackLog } from "./carriedLog.ts";
import { readLog } from "./readLog.ts";

const { events } = forkRun(echoRun(new ScriptedKernel()));
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

it("rejects what is no log", async () => {
  await expect(readLog(unpackLog("AAAA"))).rejects.toThrow();
  await expect(readLog(unpackLog("%%"))).rejects.toThrow();
});
