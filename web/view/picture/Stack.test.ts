// SPDX-License-Identifier: MIT
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Flow } from "../../flow/Flow.ts";
import { echoRun, forkRun, ScriptedKernel } from "../../flow/ScriptedKernel.ts";
import { Shelf } from "./Shelf.ts";
import { LanePlan } from "./Stack.ts";

function flowOf(kernel: ScriptedKernel): Flow {
  const flow = new Flow();
  for (const event of kernel.events) flow.push(event);
  return flow;
}

it("places nothing over anything else at the same time, and nothing lower than it must be", () => {
  const anyThing = fc.record({ wait: fc.nat(6), lasts: fc.nat(30), height: fc.integer({ min: 1, max: 9 }) });
  fc.assert(
    fc.property(fc.array(anyThing, { maxLength: 40 }), (things) => {
      const shelf = new Shelf();
      let first = 0;
      const placed = things.map(({ wait, lasts, height }) => {
        first += wait;
        return { first, last: first + lasts, top: shelf.place(first, first + lasts, height), height };
      });
      placed.forEach((one, index) => {
        const others = placed.slice(0, index).filter(({ last }) => last >= one.first);
        const free = (top: number) =>
          others.every((other) => top + one.height <= other.top || top >= other.top + other.height);
        expect(free(one.top)).toBe(true);
      });
      if (things.length > 0) expect(placed[0]?.top).toBe(0);
    }),
  );
});

describe("the lanes of a whole log", () => {
  it("puts runs one after the other side by side, and of those only what is seen", () => {
    const flow = flowOf(echoRun(echoRun(new ScriptedKernel(), 41), 43));
    const plan = new LanePlan(flow, flow.whole);
    const last = flow.runs[1];
    if (!last) throw new Error("two runs expected");
    const all = plan.lanes("near");
    const lane = (pid: number) => [...all.processes.values()].find(({ process }) => process.pid === pid);
    expect(lane(43)?.y).toBe(lane(41)?.y);
    const seen = plan.lanes("near", last.events.at(0), flow.length);
    expect([...seen.processes.keys()].map(({ pid }) => pid)).toEqual([43]);
    expect(seen.height).toBe(all.height);
  });

  it("puts runs at the same time one above the other, also while they go on", () => {
    const kernel = new ScriptedKernel();
    const links = [10, 20].map((pid) => kernel.fork(1, pid).open(pid));
    for (const link of links) kernel.write(10, link, "x");
    const flow = flowOf(kernel);
    const { all } = new LanePlan(flow, flow.whole).lanes("far");
    const sorted = [...all].sort((a, b) => a.y - b.y);
    sorted.slice(1).forEach((lane, index) => {
      const above = sorted[index];
      expect(lane.y).toBeGreaterThanOrEqual((above?.y ?? 0) + (above?.height ?? 0));
    });
    expect(all).toHaveLength(4);
  });

  it("uses the lanes of a large run again", () => {
    const kernel = new ScriptedKernel();
    kernel.fork(1, 100).exec(100, "sh");
    for (let pid = 101; pid < 141; pid++) {
      kernel.fork(100, pid);
      const link = kernel.open(pid);
      kernel.write(pid, link, "x").exit(pid).close(pid, link);
    }
    const flow = flowOf(kernel);
    const run = flow.runs[0];
    if (!run) throw new Error("no run");
    const lanes = new LanePlan(flow, run).lanes("near");
    expect(lanes.all).toHaveLength(81);
    expect(new Set(lanes.all.map(({ y }) => y)).size).toBeLessThan(12);
  });

  it("keeps its places when a log grows", () => {
    const kernel = forkRun(echoRun());
    const flow = new Flow();
    const plan = new LanePlan(flow, flow.whole);
    for (const event of kernel.events) {
      flow.push(event);
      plan.lanes("near");
    }
    expect(plan.lanes("near")).toEqual(new LanePlan(flow, flow.whole).lanes("near"));
  });

  it("puts what is pinned above all others, of a run and of the whole, and back", () => {
    const flow = flowOf(forkRun(echoRun()));
    const run = flow.runs[1];
    const pinned = run?.links[0];
    if (!run || !pinned) throw new Error("no run with a link");
    for (const shown of [run, flow.whole]) {
      const plan = new LanePlan(flow, shown);
      const before = plan.lanes("near");
      plan.pinned.add(pinned);
      const { all, links } = plan.lanes("near");
      expect(all).toHaveLength(before.all.length);
      const top = links.get(pinned);
      for (const lane of all)
        if (lane !== top) expect(lane.y).toBeGreaterThanOrEqual((top?.y ?? 0) + (top?.height ?? 0));
      plan.pinned.delete(pinned);
      expect(plan.lanes("near")).toEqual(before);
    }
  });
});
