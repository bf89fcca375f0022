// SPDX-License-Identifier: MIT
// Golden pictures: every shape of two stories as text. A moved lane or a lost mark shows as a changed line.

import { describe, expect, it } from "vitest";
import { Axis } from "../../flow/Axis.ts";
import { Flow } from "../../flow/Flow.ts";
import type { Run } from "../../flow/Lives.ts";
import { echoRun, forkRun, type ScriptedKernel, troubleRun } from "../../flow/ScriptedKernel.ts";
import type { Drawing, Shape } from "./Drawing.ts";
import { lanesOf } from "./Lanes.ts";
import { fittingScale, layout, MARGIN, widthOf } from "./Layout.ts";
import { MARK_PATHS } from "./Marks.ts";
import { dotsAt, Sweep } from "./Motion.ts";
import { momentSummary, pictureSummary } from "./Summary.ts";

function storyOf(kernel: ScriptedKernel): { flow: Flow; run: Run; drawing: Drawing } {
  const flow = new Flow();
  for (const event of kernel.events) flow.push(event);
  const run = flow.runs[0];
  if (!run) throw new Error("no run");
  const axis = new Axis("story", flow, run);
  const scale = fittingScale(axis, 1200);
  return {
    flow,
    run,
    drawing: layout({ flow, run, lanes: lanesOf(run), axis, scale, from: 0, to: 1200, left: 0 }),
  };
}

function line(shape: Shape): string {
  const { shape: kind, role, row, item, ...rest } = shape;
  const numbers = Object.entries(rest).map(([name, value]) => `${name}=${rounded(value)}`);
  return [kind, role, row === undefined ? "-" : `#${row}`, ...numbers].join(" ");
}

function rounded(value: unknown): unknown {
  if (typeof value === "number") return Math.round(value);
  return typeof value === "string"
    ? value.replace(/\d+\.\d+/g, (digits) => `${Math.round(Number(digits))}`)
    : value;
}

function golden({ lanes, shapes, ticks, height }: Drawing): string {
  return [
    `height ${height}`,
    ...lanes.map(({ kind, title, subtitle, y, height }) => `${kind} ${title} (${subtitle}) ${y}+${height}`),
    ...ticks.map(({ x, text }) => `tick ${Math.round(x)} ${text}`),
    ...shapes.map(line),
    "",
  ].join("\n");
}

describe("layout", () => {
  it("draws the echo story", async () => {
    await expect(golden(storyOf(echoRun()).drawing)).toMatchFileSnapshot("golden/echo.txt");
  });

  it("draws the fork story", async () => {
    await expect(golden(storyOf(forkRun()).drawing)).toMatchFileSnapshot("golden/fork.txt");
  });

  it("draws the story of everything that can go wrong", async () => {
    await expect(golden(storyOf(troubleRun()).drawing)).toMatchFileSnapshot("golden/trouble.txt");
  });

  it("has a mark of its own shape for each trouble", () => {
    const marks = storyOf(troubleRun()).drawing.shapes.flatMap((shape) =>
      shape.shape === "mark" && shape.role === "trouble" ? [shape.mark] : [],
    );
    expect(marks).toEqual(["full", "dropped", "fault", "too-small", "lost", "hangup", "killed"]);
    expect(new Set(marks.map((mark) => MARK_PATHS[mark])).size).toBe(marks.length);
  });

  it("marks each read that found its buffer too small", () => {
    const marks = storyOf(echoRun()).drawing.shapes.flatMap((shape) =>
      shape.shape === "mark" && shape.role === "trouble" ? [shape.mark] : [],
    );
    expect(marks).toEqual(["too-small", "too-small"]);
  });

  it("leaves out what is far from the seen part", () => {
    const flow = new Flow();
    for (const event of echoRun().events) flow.push(event);
    const run = flow.runs[0];
    if (!run) throw new Error("no run");
    const axis = new Axis("story", flow, run);
    const part = layout({ flow, run, lanes: lanesOf(run), axis, scale: 100, from: 0, to: 300, left: 0 });
    expect(part.shapes.some((shape) => shape.shape === "mark" && shape.x > 600)).toBe(false);
  });

  it("keeps the text of a bar in sight when its beginning is not", () => {
    const { flow, run } = storyOf(forkRun());
    const axis = new Axis("story", flow, run);
    const texts = layout({
      flow,
      run,
      lanes: lanesOf(run),
      axis,
      scale: 100,
      from: 0,
      to: 3000,
      left: 900,
    }).shapes.filter((shape) => shape.shape === "text" && shape.role === "payload");
    expect(texts.map((shape) => shape.shape === "text" && shape.x >= 906)).toContain(true);
    expect(texts.length).toBe(3);
  });

  it("leaves the words of a queue's limit with the link when that has ended left of what is seen", () => {
    const { flow, run } = storyOf(echoRun());
    const axis = new Axis("story", flow, run);
    const [link] = lanesOf(run).links.keys();
    const end = MARGIN + axis.ofRow(link?.release ?? 0) * 100;
    const seen = { from: end - 500, to: end + 900, left: end + 100 };
    const { shapes } = layout({ flow, run, lanes: lanesOf(run), axis, scale: 100, ...seen });
    const limits = shapes.filter((shape) => shape.shape === "text" && shape.text.startsWith("limit"));
    expect(limits.map((shape) => shape.shape === "text" && shape.x < end)).toEqual([true]);
  });

  it("shows a whole run where that is legible, and at any price when asked to", () => {
    const { flow, run } = storyOf(forkRun());
    const axis = new Axis("story", flow, run);
    expect(widthOf(axis, fittingScale(axis, 600))).toBeCloseTo(600);
    expect(widthOf(axis, fittingScale(axis, 200))).toBeGreaterThan(200);
    expect(widthOf(axis, fittingScale(axis, 200, true))).toBeCloseTo(200);
  });

  it.each([
    ["both near", { items: 2, bytes: 16 }, ["limit 2 items", "limit 16 bytes"]],
    ["both far", { items: 1024, bytes: 2 << 20 }, ["limit 1024 items, 2 MiB"]],
    ["items near, bytes far", { items: 2, bytes: 64 << 10 }, ["limit 64 KiB", "limit 2 items"]],
    ["not known", null, []],
  ] as const)("draws the limits of a queue in items and bytes: %s", (_, limits, words) => {
    const { events } = echoRun();
    const create = events.find(({ type }) => type === "create");
    if (!create) throw new Error("no link");
    const known = { ...create, value: limits?.items ?? 0, result: limits?.bytes ?? 0 };
    const flow = new Flow();
    for (const event of events) flow.push(event === create ? known : event);
    const [run] = flow.runs;
    if (!run) throw new Error("no run");
    const axis = new Axis("story", flow, run);
    const sight = { from: 0, to: 3000, left: 0, scale: 100 };
    const { shapes } = layout({ flow, run, lanes: lanesOf(run), axis, ...sight });
    const texts = shapes.flatMap((shape) =>
      shape.shape === "text" && shape.text.startsWith("limit") ? [shape] : [],
    );
    expect(texts.map(({ text }) => text).sort()).toEqual([...words].sort());
    expect(shapes.filter(({ role }) => role === "limit" || role === "far-limit")).toHaveLength(words.length);
    for (const a of texts)
      for (const b of texts)
        expect(a === b || Math.abs(a.y - b.y) > 11 || Math.abs(a.x - b.x) > 70).toBe(true);
  });

  it("says the story in one sentence", () => {
    const { run } = storyOf(echoRun());
    expect(pictureSummary(run)).toBe(
      "ddtest: 2 messages written, 2 items read, 2 reads failed with EIO, 1 empty read.",
    );
  });
});

it("says who lives and what waits at a moment", () => {
  const { flow, run } = storyOf(forkRun());
  const at = (type: string, nth: number) =>
    Array.from({ length: flow.length }, (_, row) => row).filter((row) => flow.type(row) === type)[nth] ?? 0;
  expect(momentSummary(flow, run, at("queue", 2))).toBe(
    "Here 2 processes live, 1 link is open, 2 items wait.",
  );
  expect(momentSummary(flow, run, at("release", 0))).toBe(
    "Here no process lives, no link is open, no item waits.",
  );
});

describe("motion", () => {
  it("reveals what is new within a second, and replays slower", () => {
    const reveal = Sweep.reveal(2, 40);
    expect(reveal.advance(900, 40)).toBe(true);
    const replay = Sweep.replay(0, 40, 20, 1);
    expect(replay.advance(900, 40)).toBe(false);
    expect(replay.at).toBeGreaterThan(3);
  });

  it("sends a dot along the stroke that the cursor passes", () => {
    const { drawing } = storyOf(echoRun());
    const write = drawing.shapes.find((shape) => shape.shape === "stroke" && shape.role === "write");
    if (write?.shape !== "stroke") throw new Error("no write in the picture");
    expect(dotsAt(drawing, write.x - 1)).toEqual([]);
    expect(dotsAt(drawing, write.x + 13)).toMatchObject([{ x: write.x, y: (write.from + write.to) / 2 }]);
  });
});
