// SPDX-License-Identifier: MIT
// What lasts: the lines of processes, the spans of links, waiting items, queue depth.

import type { Item } from "../../flow/Items.ts";
import type { Link } from "../../flow/Lives.ts";
import { bytesWords, itemsWords, payloadText, sizeWords } from "../../flow/Meaning.ts";
import {
  bytesScale,
  type DepthScale,
  farLimits,
  itemsScale,
  type LinkLane,
  type ProcessLane,
} from "./Lanes.ts";
import type { Canvas } from "./Layout.ts";

/** Width of a character of the data font, in pixels; texts are cut by it. */
const CHARACTER = 7.3;
/** A shorter beginning of a text tells nothing. */
const CUT_LEAST = 4;
const CURVE = 14;
const TEXT_ROOM = 30;

export function paintLives(canvas: Canvas): void {
  for (const lane of canvas.lanes.links.values()) paintLink(canvas, lane);
  for (const lane of canvas.lanes.processes.values()) paintProcess(canvas, lane);
}

function paintProcess(canvas: Canvas, lane: ProcessLane): void {
  const { process, line } = lane;
  const born = !lane.elder;
  const start = born ? canvas.x(process.first) : 0;
  const end = process.exit === null ? canvas.now : canvas.x(process.exit);
  if (born) paintBirth(canvas, lane, start);
  canvas.add({
    shape: "box",
    role: "life",
    x: start,
    y: line - 1.5,
    width: Math.max(0, end - start),
    height: 3,
    open: process.exit === null,
    row: process.first,
  });
}

/** A branch from the parent's line, or from outside when the parent has no lane here. */
function paintBirth(canvas: Canvas, { process, line, words }: ProcessLane, x: number): void {
  const parent = process.parent ? canvas.lanes.processes.get(process.parent) : undefined;
  const row = process.first;
  const from = parent ? parent.line : line + words * WORD_ROWS.outer;
  const bend = Math.sign(line - from) * CURVE;
  const d = `M${x - CURVE},${from}Q${x},${from} ${x},${from + bend}V${line}`;
  canvas.add({ shape: "path", role: "birth", d, row });
  if (parent) return;
  const text = `fork by ${canvas.flow.event(row).comm || "init"}`;
  canvas.add({ shape: "text", role: "note", x: x + 6, y: from, anchor: "start", text, row });
}

/** Distance of the two rows of words from the line of a life. */
export const WORD_ROWS = { inner: 18, outer: 32 };

function paintLink(canvas: Canvas, lane: LinkLane): void {
  const { link } = lane;
  const start = canvas.x(link.first);
  const end = endOf(canvas, link);
  canvas.add({
    shape: "box",
    role: "open",
    x: start,
    y: lane.y,
    width: Math.max(0, end - start),
    height: lane.height,
    open: link.release === null,
    row: link.first,
  });
}

function endOf(canvas: Canvas, link: Link): number {
  return link.release === null ? canvas.now : canvas.x(link.release);
}

export function paintItems(canvas: Canvas): void {
  for (const lane of canvas.lanes.links.values()) {
    const { flow, firstRow, lastRow } = canvas;
    for (const item of flow.itemsBetween(lane.link, firstRow, lastRow)) paintItem(canvas, lane, item);
  }
}

export function slotY(lane: LinkLane, item: Item): number {
  return lane.slots + item.slot * lane.slotHeight;
}

function paintItem(canvas: Canvas, lane: LinkLane, item: Item): void {
  const x = canvas.x(item.born);
  const end = item.gone === null ? canvas.now : canvas.x(item.gone);
  const y = slotY(lane, item);
  const height = Math.max(2, lane.slotHeight - 4);
  const of = { row: item.born, item: item.number };
  const width = end - x;
  const start = inSight(canvas, x, end);
  canvas.add({ shape: "box", role: "item", x, y, width, height, open: item.gone === null, ...of });
  const text = cutText(`${item.ahead ? "◀ " : ""}${itemText(canvas, item)}`, end - start - 10);
  if (height < 12 || text === "") return;
  canvas.add({
    shape: "text",
    role: "payload",
    x: start + 6,
    y: y + height / 2,
    anchor: "start",
    text,
    ...of,
  });
}

function itemText(canvas: Canvas, item: Item): string {
  const { payload, len } = canvas.flow.event(item.born);
  return payload.length > 0 ? payloadText(payload) : `${len} bytes`;
}

export function cutText(text: string, pixels: number): string {
  const room = Math.floor(pixels / CHARACTER);
  if (text.length <= room) return text;
  return room < CUT_LEAST ? "" : `${text.slice(0, room - 1)}…`;
}

/**
 * Queue depth as stairs of items and a dotted line for the bytes, with what limits each. A limit far above would leave
 * nothing of the stairs: it is a broken line over them.
 */
export function paintDepth(canvas: Canvas): void {
  for (const lane of canvas.lanes.links.values()) {
    if (lane.link.peakItems > 0) {
      paintStairs(canvas, lane);
      paintPeak(canvas, lane);
    }
    paintNearLimits(canvas, lane);
    paintFarLimits(canvas, lane);
  }
}

/** Over the stairs, for the broken line. */
const FAR_ROOM = 8;

function roomOf({ depthHeight }: LinkLane): number {
  return depthHeight - FAR_ROOM;
}

type DepthOf = (row: number) => number;

/** What is drawn from the event before the seen part to the one behind it. */
function stairs(canvas: Canvas, { link, depth }: LinkLane, height: (row: number) => number) {
  const first = Math.max(0, link.events.lowerBound(canvas.firstRow) - 1);
  const past = Math.min(link.events.length, link.events.lowerBound(canvas.lastRow) + 2);
  const end = past < link.events.length ? canvas.x(link.events.at(past)) : endOf(canvas, link);
  const start = canvas.x(link.events.at(Math.min(first, link.events.length - 1)));
  let steps = "";
  for (let index = first; index < past; index++) {
    const row = link.events.at(index);
    steps += `H${canvas.x(row)}V${depth - (link.release === row ? 0 : height(row))}`;
  }
  return { start, steps, end };
}

function paintStairs(canvas: Canvas, lane: LinkLane): void {
  const { link, depth } = lane;
  const room = roomOf(lane);
  const items: DepthOf = (row) => (canvas.flow.depth(row) / itemsScale(link).top) * room;
  const filled = stairs(canvas, lane, items);
  const d = `M${filled.start},${depth}${filled.steps}H${filled.end}V${depth}Z`;
  canvas.add({ shape: "path", role: "depth", d });
  const bytes: DepthOf = (row) => (canvas.flow.log.bytes(row) / bytesScale(link).top) * room;
  const line = stairs(canvas, lane, bytes);
  canvas.add({ shape: "path", role: "bytes", d: `M${line.start},${depth}${line.steps}H${line.end}` });
}

function paintNearLimits(canvas: Canvas, lane: LinkLane): void {
  const items = itemsScale(lane.link);
  const bytes = bytesScale(lane.link);
  const start = limitStart(canvas, lane);
  let x = start;
  if (items.limit !== null) x = paintLimit(canvas, lane, items, `limit ${itemsWords(items.limit)}`, x);
  if (bytes.limit !== null) paintLimit(canvas, lane, bytes, `limit ${sizeWords(bytes.limit)}`, x);
}

/** Gives the place behind its words. */
function paintLimit(canvas: Canvas, lane: LinkLane, { top, limit }: DepthScale, text: string, x: number) {
  const y = lane.depth - ((limit ?? 0) / top) * roomOf(lane);
  const [start, end] = [canvas.x(lane.link.first), endOf(canvas, lane.link)];
  canvas.add({ shape: "path", role: "limit", d: `M${start},${y}H${end}` });
  canvas.add({ shape: "text", role: "depth-note", x, y: y + 7, anchor: "start", text });
  return x + text.length * LIMIT_CHARACTER + 12;
}

function paintFarLimits(canvas: Canvas, lane: LinkLane): void {
  const far = farLimits(lane.link);
  const end = endOf(canvas, lane.link);
  if (far === "") return;
  const text = `limit ${far}`;
  const x = limitStart(canvas, lane);
  const y = lane.depth - lane.depthHeight + 2;
  const line = x + text.length * LIMIT_CHARACTER + 6;
  canvas.add({ shape: "text", role: "depth-note", x, y, anchor: "start", text });
  if (line + 20 > end) return;
  const broken = `M${line},${y + 4}l4,-8M${line + 4},${y + 4}l4,-8`;
  canvas.add({ shape: "path", role: "far-limit", d: `${broken}M${line + 12},${y}H${end}` });
}

/** Width of a character of the words at a limit, on the generous side. */
const LIMIT_CHARACTER = 6;

function limitStart(canvas: Canvas, { link }: LinkLane): number {
  return inSight(canvas, canvas.x(link.first), endOf(canvas, link)) + 4;
}

/** Where a text of a bar stands: at its beginning, or where what begins left of the seen part comes into sight. */
function inSight({ left }: Canvas, start: number, end: number): number {
  return Math.max(start, Math.min(left, end - TEXT_ROOM));
}

function paintPeak(canvas: Canvas, { link, depth }: LinkLane): void {
  const first = Math.max(0, link.events.lowerBound(canvas.firstRow) - 1);
  const past = Math.min(link.events.length, link.events.lowerBound(canvas.lastRow) + 2);
  for (let index = first; index < past; index++) {
    const row = link.events.at(index);
    if (canvas.flow.depth(row) !== link.peakItems || link.release === row) continue;
    const text = `${itemsWords(link.peakItems)}, ${bytesWords(canvas.flow.log.bytes(row))}`;
    const x = canvas.x(row) + 4;
    canvas.add({ shape: "text", role: "depth-note", x, y: depth - 8, anchor: "start", text });
    return;
  }
}
