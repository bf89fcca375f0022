// SPDX-License-Identifier: MIT
// Model in, shapes out: a pure function, so that a golden file can hold a whole picture.
//
// The x of an event is its place on the axis times the scale. Everything else follows from lanes:
// a write leaves its process line for the link's handler, the handler's item waits as a bar in a slot,
// a read leaves the bar's end for the reader's line.

import type { Axis } from "../../flow/Axis.ts";
import type { Flow } from "../../flow/Flow.ts";
import type { Run } from "../../flow/Lives.ts";
import { durationWords } from "../../flow/Meaning.ts";
import { withoutCrowding } from "./Crowding.ts";
import type { Drawing, Shape, Tick } from "./Drawing.ts";
import { paintEvent } from "./Events.ts";
import { type Lanes, named } from "./Lanes.ts";
import { paintDepth, paintItems, paintLives } from "./Lives.ts";

/** Room to the left of the first event, in pixels. */
export const MARGIN = 30;
/** Room to the right of the last event: "exit 0" stands there. */
const END_ROOM = 56;
/** Pixels for a step of a story: fewer leave no room for words, more tell nothing. */
const STEP = { least: 13, most: 110 };
const TICK_SPACING = 84;

export interface Scene {
  readonly flow: Flow;
  readonly run: Run;
  readonly lanes: Lanes;
  readonly axis: Axis;
  /** Pixels per unit of the axis. */
  readonly scale: number;
  /** The part that is seen, in pixels; shapes far outside are left out. */
  readonly from: number;
  readonly to: number;
  /** Where the part that is seen begins, without what is drawn beyond it in advance. */
  readonly left: number;
}

/** What the painters share. */
export interface Canvas extends Scene {
  readonly x: (row: number) => number;
  /** Where what has not ended yet ends for now. */
  readonly now: number;
  /** Rows of the first and the last event that are seen. */
  readonly firstRow: number;
  readonly lastRow: number;
  readonly add: (shape: Shape) => void;
}

export function widthOf(axis: Axis, scale: number): number {
  return axis.end * scale + MARGIN + END_ROOM;
}

/** The scale at which the whole run is seen, within what is legible; `whole` means whole at any price. */
export function fittingScale(axis: Axis, width: number, whole = false): number {
  const fits = Math.max((width - MARGIN - END_ROOM) / Math.max(axis.end, 1e-3), 1e-6);
  if (axis.kind === "time") return fits;
  return Math.min(whole ? fits : Math.max(fits, STEP.least), STEP.most);
}

export function xOf(axis: Axis, scale: number, index: number): number {
  return MARGIN + axis.at(index) * scale;
}

export function layout(scene: Scene): Drawing {
  const { axis, scale, lanes } = scene;
  const shapes: Shape[] = [];
  const x = (row: number) => xOf(axis, scale, axis.indexOf(row));
  const now = MARGIN + axis.end * scale + END_ROOM * 0.7;
  const first = firstSeen(scene);
  const last = lastSeen(scene);
  const rows = {
    firstRow: axis.rowAt(Math.min(first, axis.length - 1)),
    lastRow: axis.rowAt(Math.max(0, last - 1)),
  };
  const canvas: Canvas = { ...scene, ...rows, x, now, add: (shape) => shapes.push(shape) };
  paintLives(canvas);
  paintGaps(canvas);
  paintDepth(canvas);
  paintItems(canvas);
  for (let index = first; index < last; index++) paintEvent(canvas, axis.rowAt(index));
  return {
    width: widthOf(axis, scale),
    height: lanes.height,
    lanes: named(lanes, rows.firstRow, rows.lastRow),
    shapes: withoutCrowding(shapes),
    ticks: ticks(scene),
  };
}

function firstSeen({ axis, scale, from }: Scene): number {
  return axis.firstFrom((from - MARGIN) / scale);
}

function lastSeen({ axis, scale, to }: Scene): number {
  return Math.min(axis.length, axis.firstFrom((to - MARGIN) / scale) + 1);
}

/** A tick at the first event, then at each that leaves room for its text. */
function ticks(scene: Scene): Tick[] {
  const { axis, scale } = scene;
  const found: Tick[] = [];
  let next = Number.NEGATIVE_INFINITY;
  for (let index = firstSeen(scene); index < lastSeen(scene); index++) {
    const x = xOf(axis, scale, index);
    const text = index === 0 ? "0" : `+${durationWords(axis.elapsed(index))}`;
    if (x < next || found.at(-1)?.text === text) continue;
    found.push({ x, text });
    next = x + TICK_SPACING;
  }
  return found;
}

function paintGaps(canvas: Canvas): void {
  const { axis, scale, lanes, add } = canvas;
  for (const { index, ns } of axis.gapsBetween(firstSeen(canvas), lastSeen(canvas))) {
    const x = (xOf(axis, scale, index - 1) + xOf(axis, scale, index)) / 2;
    let d = `M${x},30`;
    for (let y = 36, side = 1; y < lanes.height; y += 6, side = -side) d += `L${x + 3 * side},${y}`;
    add({ shape: "path", role: "gap", d });
    add({ shape: "text", role: "gap", x, y: 26, anchor: "middle", text: `${durationWords(ns)} pass` });
  }
}
