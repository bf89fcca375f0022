// SPDX-License-Identifier: MIT
import { describe, expect, it } from "vitest";
import { Axis } from "./Axis.ts";
import { Flow } from "./Flow.ts";
import type { Run } from "./Lives.ts";
import { forkRun } from "./ScriptedKernel.ts";

function forkFlow(): { flow: Flow; run: Run } {
  const flow = new Flow();
  for (const event of forkRun().events) flow.push(event);
  const run = flow.runs[0];
  if (!run) throw new Error("the fork run made no run");
  return { flow, run };
}

describe("Axis", () => {
  it("gives every event of a story a step of its own, and cuts the long gap out", () => {
    const { flow, run } = forkFlow();
    const axis = new Axis("story", flow, run);
    const steps = Array.from({ length: axis.length - 1 }, (_, index) => axis.at(index + 1) - axis.at(index));
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...steps)).toBeLessThan(4);
    expect(axis.gaps.map(({ ns }) => Math.round(ns / 1e6))).toEqual([40]);
  });

  it("is true to scale as time", () => {
    const { flow, run } = forkFlow();
    const axis = new Axis("time", flow, run);
    for (let index = 0; index < axis.length; index++) {
      expect(axis.at(index)).toBeCloseTo(axis.elapsed(index) / 1000);
    }
    expect(axis.gaps).toEqual([]);
  });

  it("grows with its run, and finds events by position and by row", () => {
    const flow = new Flow();
    const { events } = forkRun();
    for (const event of events.slice(0, 5)) flow.push(event);
    const run = flow.runs[0];
    if (!run) throw new Error("no run");
    const axis = new Axis("story", flow, run);
    for (const event of events.slice(5)) flow.push(event);
    axis.update();
    expect(axis.length).toBe(events.length);
    for (let index = 0; index < axis.length; index++) {
      expect(axis.firstFrom(axis.at(index))).toBe(index);
      expect(axis.indexOf(axis.rowAt(index))).toBe(index);
    }
  });
});
