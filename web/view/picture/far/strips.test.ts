// SPDX-License-Identifier: MIT
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Axis } from "../../../flow/Axis.ts";
import { Flow } from "../../../flow/Flow.ts";
import { echoRun, ScriptedKernel } from "../../../flow/ScriptedKernel.ts";
import { stripsOf } from "./strips.ts";
import { ticksOf } from "./ticks.ts";

const RUNS = 1200;

function longAxis(): Axis {
  const kernel = new ScriptedKernel();
  for (let pid = 41; pid < 41 + RUNS; pid++) echoRun(kernel, pid);
  const flow = new Flow();
  for (const event of kernel.events) flow.push(event);
  return new Axis("story", flow, flow.whole);
}

const axis = longAxis();
const anySight = fc.record({
  scale: fc.double({ min: 0.001, max: 20, noNaN: true }),
  left: fc.nat(30_000),
  width: fc.integer({ min: 200, max: 2000 }),
});

describe("strips", () => {
  it("stand side by side from one edge of the view to the other, whole amounts each", () => {
    fc.assert(
      fc.property(anySight, (sight) => {
        const { strips } = stripsOf({ axis, ...sight });
        expect(strips[0]?.from).toBe(0);
        expect(strips.at(-1)?.to).toBe(sight.width);
        for (const [index, { from, to }] of strips.entries()) {
          expect(to).toBeGreaterThan(from);
          if (index > 0) expect(from).toBe(strips[index - 1]?.to);
          expect(from % 2).toBe(0);
        }
      }),
    );
  });

  it("cut a view of many events, and leave one of few whole", () => {
    expect(axis.length).toBeGreaterThan(20_000);
    const whole = { axis, left: 0, width: 1000 };
    const many = stripsOf({ ...whole, scale: 900 / axis.end });
    expect(many.crowded).toBe(true);
    expect(many.strips.length).toBeGreaterThan(4);
    expect(stripsOf({ ...whole, scale: 2 })).toEqual({ strips: [{ from: 0, to: 1000 }], crowded: false });
  });
});

describe("the moments over the picture", () => {
  it("do not lie over one another, all say something else, and none moves when the picture is panned", () => {
    fc.assert(
      fc.property(anySight, fc.nat(60), (sight, by) => {
        const ticks = ticksOf({ axis, ...sight });
        for (const [index, { x }] of ticks.entries())
          if (index > 0) expect(x - (ticks[index - 1]?.x ?? 0)).toBeGreaterThan(60);
        expect(new Set(ticks.map(({ text }) => text)).size).toBe(ticks.length);
        const panned = ticksOf({ axis, ...sight, left: sight.left + by });
        const inside = ticks.filter(({ x }) => x > by && x < sight.width);
        for (const { x, text } of inside)
          expect(panned).toContainEqual({ x: expect.closeTo(x - by, 3), text });
      }),
    );
  });
});
