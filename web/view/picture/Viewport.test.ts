// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Axis } from "../../flow/Axis.ts";
import { Flow } from "../../flow/Flow.ts";
import { echoRun, ScriptedKernel } from "../../flow/ScriptedKernel.ts";
import { MARGIN, widthOf } from "./Layout.ts";
import { Viewport } from "./Viewport.ts";

const WIDTH = 1000;
const GUTTER = 132;

class FakeElement {}

/** As much of a scroller as is used of it: it does not stand where there is nothing to see. */
class Scroller extends FakeElement {
  offsetWidth = WIDTH;
  clientWidth = WIDTH;
  scrollWidth = WIDTH;
  scrollTop = 0;
  #left = 0;

  get scrollLeft(): number {
    return this.#left;
  }

  set scrollLeft(left: number) {
    this.#left = Math.max(0, Math.min(left, this.scrollWidth - this.clientWidth));
  }

  scrollTo({ left }: { left: number }): void {
    this.scrollLeft = left;
  }

  scrollBy({ left }: { left: number }): void {
    this.scrollLeft += left;
  }
}

function axisOfMany(): Axis {
  const flow = new Flow();
  const kernel = new ScriptedKernel();
  for (let pid = 41; pid < 141; pid++) echoRun(kernel, pid);
  for (const event of kernel.events) flow.push(event);
  return new Axis("story", flow, flow.whole);
}

describe("Viewport", () => {
  const axis = axisOfMany();
  let scroller = new Scroller();
  let viewport = viewportOn(scroller);

  function viewportOn(on: Scroller): Viewport {
    const host = { clientWidth: WIDTH, shadowRoot: { querySelector: () => on } };
    return new Viewport(host as unknown as HTMLElement);
  }

  /** The picture has got its width, as after a rendering. */
  function rendered(): void {
    scroller.scrollWidth = widthOf(axis, viewport.scale) + GUTTER;
    viewport.settle();
  }

  beforeEach(() => {
    vi.stubGlobal("getComputedStyle", () => ({ getPropertyValue: () => `${GUTTER}px` }));
    vi.stubGlobal("HTMLElement", FakeElement);
    scroller = new Scroller();
    viewport = viewportOn(scroller);
    viewport.begin(true);
    viewport.measure();
    viewport.fit(axis, 0);
    rendered();
  });

  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it("shows the whole as long as nobody has zoomed", () => {
    expect(viewport.range(axis)).toBeNull();
    expect(viewport.indices(axis)).toEqual([0, axis.length - 1]);
  });

  it("zooms at once, around a place, and the scroller follows", () => {
    const place = 300;
    const onAxis = () => (viewport.left + place - MARGIN) / viewport.scale;
    const before = onAxis();
    viewport.zoom(axis, 4, place);
    expect(onAxis()).toBeCloseTo(before);
    const { left } = viewport;
    expect(scroller.scrollLeft).toBe(0);
    rendered();
    expect(scroller.scrollLeft).toBeCloseTo(left);
  });

  it("counts what is scrolled before that from what is seen", () => {
    viewport.zoom(axis, 4, 0);
    rendered();
    viewport.zoom(axis, 2, 300);
    const { left } = viewport;
    scroller.scrollBy({ left: 50 });
    viewport.scrolled(axis);
    expect(viewport.left).toBeCloseTo(left + 50);
    rendered();
    expect(scroller.scrollLeft).toBeCloseTo(left + 50);
  });

  it("keeps a zoom that has not settled when an event is to be seen, or a cursor followed", () => {
    viewport.zoom(axis, 8, 0);
    viewport.reveal(axis, axis.length - 1, "instant");
    expect(viewport.indices(axis)[1]).toBe(axis.length - 1);
    viewport.follow(axis, axis.at(10));
    const [first, last] = viewport.indices(axis);
    expect(first).toBeLessThanOrEqual(10);
    expect(last).toBeGreaterThanOrEqual(10);
    rendered();
    expect(viewport.indices(axis)).toEqual([first, last]);
  });

  it("pans on from where it aims", () => {
    viewport.zoom(axis, 8, 0);
    const { left } = viewport;
    viewport.pan(axis, 70);
    expect(viewport.left).toBeCloseTo(left + 70);
    rendered();
    viewport.pan(axis, 30);
    expect(viewport.left).toBeCloseTo(left + 100);
  });

  it("shows a range", () => {
    viewport.show(axis, { from: 100, to: 200 });
    rendered();
    expect(viewport.range(axis)?.from).toBeCloseTo(100, -1);
    expect(viewport.range(axis)?.to).toBeCloseTo(200, -1);
  });

  it("keeps the room of a scroll bar that came and went, until another run begins", () => {
    const { room } = viewport;
    scroller.clientWidth = WIDTH - 11;
    expect(viewport.settle()).toBe(true);
    expect(viewport.room).toBe(room - 11);
    scroller.clientWidth = WIDTH;
    expect(viewport.settle()).toBe(false);
    expect(viewport.room).toBe(room - 11);
    viewport.begin(true);
    expect(viewport.room).toBe(room);
  });

  it("comes back when the picture ends before the place where it stands", () => {
    viewport.show(axis, { from: 1000, to: 1100 });
    rendered();
    viewport.fitWhole();
    viewport.fit(axis, 0);
    expect(viewport.indices(axis)).toEqual([0, axis.length - 1]);
  });
});
