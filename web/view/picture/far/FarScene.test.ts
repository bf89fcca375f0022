// SPDX-License-Identifier: MIT
import { describe, expect, it } from "vitest";
import { Axis } from "../../../flow/Axis.ts";
import { Flow } from "../../../flow/Flow.ts";
import { echoRun, ScriptedKernel } from "../../../flow/ScriptedKernel.ts";
import { LanePlan } from "../Stack.ts";
import { FarScene } from "./FarScene.ts";

function sceneOf(left: number): FarScene {
  const flow = new Flow();
  const kernel = new ScriptedKernel();
  for (let pid = 41; pid < 81; pid++) echoRun(kernel, pid);
  for (const event of kernel.events) flow.push(event);
  const axis = new Axis("story", flow, flow.whole);
  const lanes = new LanePlan(flow, flow.whole).lanes("far");
  return new FarScene({
    flow,
    run: flow.whole,
    axis,
    scale: 2,
    left,
    top: 10,
    width: 400,
    height: 300,
    lanes,
    crowded: false,
  });
}

describe("FarScene", () => {
  it("sees the events between its edges, and one beyond each", () => {
    const scene = sceneOf(600);
    const { axis } = scene.view;
    const inside = (index: number) => scene.x(axis.rowAt(index)) >= -1 && scene.x(axis.rowAt(index)) <= 401;
    const all = Array.from({ length: axis.length }, (_, index) => index).filter(inside);
    expect(scene.from).toBeLessThanOrEqual(all[0] ?? 0);
    expect(scene.to).toBeGreaterThan(all.at(-1) ?? 0);
    expect(scene.to - scene.from).toBeLessThan(all.length + 60);
  });

  it("finds the event that is nearest to a point, as a look at all of its height does", () => {
    const scene = sceneOf(600);
    const first = scene.view.lanes.all.find((one) => one.kind === "process");
    const y = scene.y(first?.y ?? 0) + 2;
    const rows = scene.view.lanes.all.flatMap((lane) => {
      if (lane.kind !== "process" || lane.y !== first?.y) return [];
      const [from, to] = scene.range(lane.process.events);
      return Array.from({ length: to - from }, (_, index) => lane.process.events.at(from + index));
    });
    expect(rows.length).toBeGreaterThan(50);
    for (const x of [0, 50, 133, 399]) {
      const distance = (row: number | null) => Math.abs(scene.x(row ?? 0) - x);
      expect(distance(scene.eventAt(x, y))).toBeCloseTo(Math.min(...rows.map(distance)));
    }
    expect(scene.eventAt(100, -500)).toBeNull();
  });

  it("keeps the places of what is far outside small", () => {
    const scene = sceneOf(600);
    expect(scene.clippedX(0)).toBe(-30);
    expect(scene.clippedX(scene.view.flow.length - 1)).toBe(430);
    expect(scene.clippedX(null)).toBe(430);
  });
});
