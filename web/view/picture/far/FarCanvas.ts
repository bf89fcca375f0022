// SPDX-License-Identifier: MIT
// A canvas that fills the seen part of the picture. Some thousand events are painted within a frame. Of more, it is
// painted strip by strip, as many in a frame as leave time for others; until a strip's turn has come, what was there
// before is shown in its place. Of a log that grows only the strips that gained events are painted.

import type { Lanes, LinkLane, ProcessLane } from "../Lanes.ts";
import { named } from "../Lanes.ts";
import { MARGIN } from "../Layout.ts";
import { type Emphasis, FarPainter } from "./FarPainter.ts";
import { BIN, FarScene, type FarView, reachOf } from "./FarScene.ts";
import type { Palette } from "./Palette.ts";
import { Pen } from "./Pen.ts";
import { type Strip, stripsOf } from "./strips.ts";
import { ticksOf } from "./ticks.ts";

/** How near to an event one has to point, in pixels. */
const NEAR = 40;
/** Pixels over the picture for the words of its moments, and left of the names of its lanes. */
const TICKS_HEIGHT = 16;
const NAME_INDENT = 10;

/** Everything that is seen; lanes are made for the part that is painted. */
export interface FarSight extends Omit<FarView, "lanes" | "crowded"> {
  readonly lanesBetween: (firstRow: number, lastRow: number) => Lanes;
  /** Another one when lanes have been pinned or unpinned. */
  readonly pinned: string;
}

interface Sheet {
  readonly context: CanvasRenderingContext2D;
  readonly sight: FarSight;
  /** Pixels for the names of the lanes, left of the view. */
  readonly gutter: number;
  readonly dense: number;
  readonly palette: Palette;
  readonly emphasis: Emphasis;
  /** More events than can be drawn each for itself. */
  readonly crowded: boolean;
  /** Events that there were. */
  readonly events: number;
}

export class FarCanvas {
  readonly #sliceMs: () => number;
  #sheet: Sheet | null = null;
  /** Those that are still to be painted. */
  #strips: Strip[] = [];
  #named: readonly (ProcessLane | LinkLane)[] = [];

  /** `sliceMs`: how long it may paint in one frame, give or take a strip. */
  constructor(sliceMs: () => number) {
    this.#sliceMs = sliceMs;
  }

  /** False when it must go on. */
  paint(canvas: HTMLCanvasElement, sight: FarSight, gutter: number, palette: Palette, emphasis: Emphasis) {
    const context = canvas.getContext("2d", { alpha: false });
    if (!context) return true;
    const dense = devicePixelRatio;
    const resized = resize(canvas, (gutter + sight.width) * dense, sight.height * dense);
    const { strips, crowded } = stripsOf(sight);
    const sheet = { context, sight, gutter, dense, palette, emphasis, crowded, events: sight.axis.length };
    if (resized) clear(sheet); // an opaque canvas is black else, where a strip is still to come
    const before = resized ? null : this.#sheet;
    const grown = before !== null && isSameOrLonger(before, sheet);
    const from = grown ? paintedUpTo(before, sheet) : 0;
    const painted = Math.min(from, grown ? (this.#strips[0]?.from ?? sight.width) : 0);
    this.#sheet = sheet;
    this.#strips = strips.filter(({ to }) => to > painted);
    if (!grown) this.#named = [];
    if (before && !grown && strips.length > 1) moveOver(before, sheet);
    return this.goOn();
  }

  /** Paints for a while; true when all is painted. */
  goOn(): boolean {
    const sheet = this.#sheet;
    if (!sheet) return true;
    const until = performance.now() + this.#sliceMs();
    for (let strip = this.#strips.shift(); strip; strip = this.#strips.shift()) {
      this.#strip(sheet, strip);
      if (performance.now() > until) break;
    }
    this.#words(sheet);
    return this.#strips.length === 0;
  }

  #strip(sheet: Sheet, { from, to }: Strip): void {
    const { context, sight, gutter, dense, palette, emphasis, crowded } = sheet;
    const scene = sceneBetween(sight, from, to, crowded);
    context.save();
    context.setTransform(dense, 0, 0, dense, (gutter + from) * dense, 0);
    if (to - from < sight.width) clip(context, to - from, sight.height);
    new FarPainter(new Pen(context, palette, dense), scene, emphasis).paint();
    context.restore();
    const { all } = scene.view.lanes;
    const seen = all.filter((lane) => scene.sees(lane));
    this.#named = named({ all: [...this.#named, ...seen] }, ...rowsOf({ ...sight, crowded }));
  }

  /** The moments over the picture and the names of the lanes left of it, each as one: a strip would cut them. */
  #words({ context, sight, gutter, dense, palette }: Sheet): void {
    const { width, height, top } = sight;
    context.setTransform(dense, 0, 0, dense, gutter * dense, 0);
    const pen = new Pen(context, palette, dense);
    pen.fill("surface", 0, 0, width, TICKS_HEIGHT);
    for (const { x, text } of ticksOf(sight)) pen.write("quiet", text, x, TICKS_HEIGHT / 2 + 1, "center");
    pen.fill("surface", -gutter, 0, gutter, height);
    pen.fill("line", -1, 0, 1, height);
    for (const lane of this.#named) {
      const name = lane.kind === "link" ? lane.title : `${lane.title} ${lane.process.pid}`;
      const ink = lane.kind === "link" ? "accent-text" : "ink";
      pen.write(ink, name, NAME_INDENT - gutter, lane.y - top + lane.height / 2, "left");
    }
    pen.lift();
  }

  /** The event at a point of the view; null where there is none. */
  eventAt(x: number, y: number): number | null {
    const sheet = this.#sheet;
    if (!sheet) return null;
    const from = Math.max(0, x - NEAR);
    return sceneBetween(sheet.sight, from, x + NEAR, sheet.crowded).eventAt(x - from, y);
  }
}

function clear({ context, palette }: Sheet): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = palette("surface");
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
}

/** What a strip draws beyond its edges would lie over its neighbours; the words cover what a whole view does. */
function clip(context: CanvasRenderingContext2D, width: number, height: number): void {
  context.beginPath();
  context.rect(0, 0, width, height);
  context.clip();
}

/** True when it had another size; all that was on it is gone then. */
function resize(canvas: HTMLCanvasElement, width: number, height: number): boolean {
  const [w, h] = [Math.round(width), Math.round(height)];
  if (canvas.width === w && canvas.height === h) return false;
  canvas.width = w;
  canvas.height = h;
  return true;
}

function sceneBetween(sight: FarSight, from: number, to: number, crowded: boolean): FarScene {
  const part = { ...sight, left: sight.left + from, width: to - from, crowded };
  return new FarScene({ ...part, lanes: sight.lanesBetween(...rowsOf(part)) });
}

/** The first and the last row that a part of the axis shows. */
function rowsOf({ axis, scale, left, width, crowded }: Omit<FarView, "lanes">): [number, number] {
  const row = (x: number) => axis.rowAt(Math.min(axis.firstFrom((x - MARGIN) / scale), axis.length - 1));
  return [row(left - reachOf(crowded)), row(left + width + reachOf(crowded))];
}

/** Pixels of the view up to which nothing has changed since. */
function paintedUpTo({ events }: Sheet, now: Sheet): number {
  const { axis, scale, left, width } = now.sight;
  return now.events === events ? width : MARGIN + axis.at(events - 1) * scale - left - BIN;
}

function isSameOrLonger(before: Sheet, now: Sheet): boolean {
  const place = ({ sight, emphasis, crowded, palette }: Sheet) => [
    ...[
      crowded,
      sight.pinned,
      palette("surface"),
      palette("ink"),
      sight.flow,
      sight.run,
      sight.axis,
      sight.scale,
      sight.left,
      sight.top,
      sight.width,
      sight.height,
    ],
    ...[emphasis.selected, emphasis.matching, emphasis.cursor, emphasis.markers],
  ];
  const then = place(before);
  return now.crowded && now.events >= before.events && place(now).every((one, at) => one === then[at]);
}

/** What was painted stands, as well as can be, where it now belongs. */
function moveOver(before: Sheet, { context, sight, gutter, dense, palette }: Sheet): void {
  const by = sight.scale / before.sight.scale;
  const x = MARGIN + (before.sight.left - MARGIN) * by - sight.left;
  const { width, height } = context.canvas;
  const shown = width - gutter * dense;
  context.setTransform(1, 0, 0, 1, gutter * dense, 0);
  const down = (before.sight.top - sight.top) * dense;
  const copy = [gutter * dense, 0, shown, height, x * dense, down, shown * by, height] as const;
  context.drawImage(context.canvas, ...copy);
  context.fillStyle = palette("surface");
  context.fillRect(0, 0, x * dense, height);
  context.fillRect((x * dense + shown * by) | 0, 0, shown, height);
}
