// SPDX-License-Identifier: MIT
// Draws what is seen of a large log onto a canvas, straight from the model's columns: no object an event, so that each
// frame is drawn anew. Up to some thousand events each has its own mark; beyond that, each two pixels say how much
// happens, how deep the queue gets and what goes wrong.

import { NONE } from "../../../flow/Column.ts";
import { isTrouble, outcomeOf } from "../../../flow/Meaning.ts";
import { bytesScale, type DepthScale, itemsScale, type LinkLane, type ProcessLane } from "../Lanes.ts";
import { MARGIN } from "../Layout.ts";
import type { RowSet } from "../shapes.ts";
import { BIN, type FarScene } from "./FarScene.ts";
import type { Pen } from "./Pen.ts";
import { ticksOf } from "./ticks.ts";

/** Marks of trouble on one lane nearer than this would lie over one another. */
const MARK_SPACE = 7;
/** So many troubles are looked at in a frame; further ones are skipped evenly. */
const TROUBLES_MAX = 8000;

export interface Emphasis {
  readonly selected: number | null;
  readonly item: number | null;
  readonly matching: RowSet | null;
  readonly markers: readonly { readonly name: string; readonly row: number }[];
  /** Where the replay stands on the axis; null: everything is shown. */
  readonly cursor: number | null;
}

const VEIL_OPACITY = 0.72;
/** Of what does not match the filter. */
const FAINT = 0.2;

export class FarPainter {
  readonly #pen: Pen;
  readonly #scene: FarScene;
  readonly #emphasis: Emphasis;
  readonly #lanes: { readonly links: LinkLane[]; readonly processes: ProcessLane[] };
  /** Where the last mark of trouble stands on each lane. */
  readonly #marked = new Map<string, number>();

  constructor(pen: Pen, scene: FarScene, emphasis: Emphasis) {
    this.#pen = pen;
    this.#scene = scene;
    this.#emphasis = emphasis;
    const { links, processes } = scene.view.lanes;
    this.#lanes = {
      links: [...links.values()].filter((lane) => scene.sees(lane)),
      processes: [...processes.values()].filter((lane) => scene.sees(lane)),
    };
  }

  paint(): void {
    const { width, height, crowded } = this.#scene.view;
    this.#pen.fill("surface", 0, 0, width, height);
    for (const { x } of ticksOf(this.#scene.view)) this.#pen.fill("line", x, 18, 1, height);
    for (const lane of this.#lanes.links) this.#linkLane(lane);
    for (const lane of this.#lanes.processes) this.#processLane(lane);
    if (crowded) this.#amounts();
    else this.#singles();
    for (const lane of this.#lanes.links) this.#limits(lane);
    this.#troubles();
    this.#choice();
    for (const { name, row } of this.#emphasis.markers) this.#marker(name, row);
    this.#veil();
    this.#pen.lift();
  }

  #linkLane({ link, y, height }: LinkLane): void {
    const scene = this.#scene;
    const x = scene.clippedX(link.first);
    this.#pen.fill("link-lane", x, scene.y(y), Math.max(1, scene.clippedX(link.release) - x), height);
  }

  #processLane({ process, elder, line }: ProcessLane): void {
    const scene = this.#scene;
    const x = elder ? -1 : scene.clippedX(process.first);
    this.#pen.fill("process", x, scene.y(line) - 1, Math.max(1, scene.clippedX(process.exit) - x), 2);
  }

  // Each event for itself

  #singles(): void {
    for (const lane of this.#lanes.links) {
      this.#items(lane);
      this.#stairs(lane);
    }
    for (const lane of this.#scene.view.lanes.processes.values()) this.#calls(lane);
  }

  /** Strokes first: what a process does is then mostly one line. One out of sight may have calls on a link in sight. */
  #calls(lane: ProcessLane): void {
    this.#each(lane, this.#message);
    if (this.#scene.sees(lane)) this.#each(lane, this.#step);
  }

  /** Those of a process that are seen, faintly where they do not match. */
  #each(lane: ProcessLane, draw: (row: number, lane: ProcessLane) => void): void {
    const { flow, run } = this.#scene.view;
    const { events } = lane.process;
    const [from, to] = this.#scene.range(events);
    for (let index = from; index < to; index++) {
      const row = events.at(index);
      if (!flow.isIn(row, run)) continue;
      this.#pen.opacity = this.#emphasis.matching?.has(row) === false ? FAINT : 1;
      draw(row, lane);
    }
    this.#pen.opacity = 1;
  }

  #items(lane: LinkLane): void {
    const { flow } = this.#scene.view;
    const { firstRow, lastRow } = this.#scene;
    const height = Math.max(1, lane.slotHeight - 1);
    for (const item of flow.itemsBetween(lane.link, firstRow, lastRow)) {
      const x = this.#scene.clippedX(item.born);
      const width = Math.max(1, this.#scene.clippedX(item.gone) - x);
      const ink = item.number === this.#emphasis.item ? "ink" : "accent";
      this.#pen.fill(ink, x, this.#scene.y(lane.slots + item.slot * lane.slotHeight), width, height);
    }
  }

  #stairs({ link, depth, depthHeight }: LinkLane): void {
    if (link.peakItems === 0) return;
    const { flow } = this.#scene.view;
    const [from, to] = this.#scene.range(link.events);
    const bottom = this.#scene.y(depth);
    const { top } = itemsScale(link);
    let x = 0;
    let items = 0;
    const stepTo = (end: number) => {
      const height = (items / top) * depthHeight;
      this.#pen.fill("depth", x, bottom - height, end - x, height);
      x = end;
    };
    for (let index = Math.max(0, from - 1); index < to; index++) {
      const row = link.events.at(index);
      const now = row === link.release ? 0 : flow.depth(row);
      if (now === items) continue;
      stepTo(this.#scene.clippedX(row));
      items = now;
    }
    stepTo(this.#scene.clippedX(to < link.events.length ? link.events.at(to) : link.release));
  }

  #limits(lane: LinkLane): void {
    this.#limit(lane, itemsScale(lane.link));
    this.#limit(lane, bytesScale(lane.link));
  }

  #limit({ link, depth, depthHeight }: LinkLane, { top, limit }: DepthScale): void {
    if (limit === null) return;
    const x = this.#scene.clippedX(link.first);
    const y = this.#scene.y(depth) - (limit / top) * depthHeight;
    this.#pen.fill("trouble", x, y, Math.max(1, this.#scene.clippedX(link.release) - x), 1);
  }

  /** What goes between a process and a link. */
  readonly #message = (row: number, lane: ProcessLane): void => {
    const { flow, lanes } = this.#scene.view;
    const type = flow.type(row);
    if (type !== "enter" && type !== "read") return;
    const linked = flow.linkOf(row);
    const link = linked && lanes.links.get(linked);
    if (!link || !(this.#scene.sees(lane) || this.#scene.sees(link))) return;
    if (type === "enter") this.#handler(row, lane, link);
    else if (flow.log.result(row) > 0) this.#read(row, lane, link);
  };

  /** The handler at work until the write returns, and the message on its way in. */
  #handler(row: number, { line }: ProcessLane, link: LinkLane): void {
    const [x, y] = [this.#scene.x(row), this.#scene.y(link.handler)];
    this.#pen.fill("accent-text", x, y, this.#writing(row, x, 1), link.handlerHeight);
    this.#stroke(x, this.#scene.y(line), y);
  }

  /** Pixels from the beginning of a write to its return. */
  #writing(row: number, x: number, least: number): number {
    return Math.max(least, this.#scene.clippedX(this.#scene.view.flow.partner(row)) - x);
  }

  #read(row: number, { line }: ProcessLane, link: LinkLane): void {
    const item = this.#scene.view.flow.itemNumberOf(row);
    const slot = item === null || item === NONE ? 0 : this.#scene.view.flow.items.slot(item);
    const y = this.#scene.y(link.slots + slot * link.slotHeight);
    this.#stroke(this.#scene.x(row), y, this.#scene.y(line));
  }

  /** What a process does, on its own line. */
  readonly #step = (row: number, lane: ProcessLane): void => {
    const type = this.#scene.view.flow.type(row);
    if (type === "queue" || type === "post") return;
    const x = this.#scene.x(row);
    const line = this.#scene.y(lane.line);
    if (type === "exit") this.#pen.fill("process", x - 3, line - 3, 6, 6);
    else if (type === "exec" || type === "create") this.#pen.fill("accent", x - 1, line - 5, 2, 10);
    else if (type === "enter") this.#pen.fill("process", x, line - 3, this.#writing(row, x, 2), 6);
    else this.#pen.fill("process", x - 1.5, line - 3, 3, 6);
  };

  #stroke(x: number, from: number, to: number): void {
    this.#pen.fill("accent", x - 0.5, Math.min(from, to), 1, Math.abs(to - from));
  }

  // Amounts

  #amounts(): void {
    const edges = this.#edges();
    for (const lane of this.#lanes.links) this.#depths(lane, edges);
    for (const lane of this.#lanes.processes) this.#activity(lane, edges);
  }

  /** Rows of the first event at or behind each of the bins' left edges. */
  #edges(): number[] {
    const { axis, width, left, scale } = this.#scene.view;
    const edges: number[] = [];
    for (let x = 0; x <= width; x += BIN) {
      const index = axis.firstFrom((x + left - MARGIN) / scale);
      edges.push(index < axis.length ? axis.rowAt(index) : this.#scene.lastRow + 1);
    }
    return edges;
  }

  #depths({ link, depth, depthHeight }: LinkLane, edges: readonly number[]): void {
    if (link.peakItems === 0) return;
    const { flow } = this.#scene.view;
    const at = (index: number) => flow.depth(link.events.at(index));
    const bottom = this.#scene.y(depth);
    const { top } = itemsScale(link);
    let from = link.events.lowerBound(edges[0] ?? 0);
    for (let bin = 0; bin + 1 < edges.length && from < link.events.length; bin++) {
      const to = gallop(link.events, from, edges[bin + 1] ?? 0);
      const most = Math.max(link.depths.max(from, to, at), from > 0 ? at(from - 1) : 0);
      const height = (most / top) * depthHeight;
      this.#pen.fill("accent", bin * BIN, bottom - height, BIN, height);
      from = to;
    }
  }

  /** The more events, the higher, by their logarithm. */
  #activity({ process, line }: ProcessLane, edges: readonly number[]): void {
    const { events } = process;
    const middle = this.#scene.y(line);
    let from = events.lowerBound(edges[0] ?? 0);
    for (let bin = 0; bin + 1 < edges.length && from < events.length; bin++) {
      const to = gallop(events, from, edges[bin + 1] ?? 0);
      const height = Math.min(14, 4 + 2 * Math.log2(1 + to - from));
      if (to > from) this.#pen.fill("process", bin * BIN, middle - height / 2, BIN, height);
      from = to;
    }
  }

  // Trouble and choice

  #troubles(): void {
    const { flow, run } = this.#scene.view;
    const [from, to] = this.#scene.range(flow.troubles);
    const step = Math.max(1, Math.ceil((to - from) / TROUBLES_MAX));
    for (let index = from; index < to; index += step) {
      const row = flow.troubles.at(index);
      if (flow.isIn(row, run)) this.#trouble(row);
    }
  }

  #trouble(row: number): void {
    const { flow, lanes } = this.#scene.view;
    const process = flow.processOf(row);
    const link = flow.linkOf(row);
    const lane = (process && lanes.processes.get(process)) ?? (link && lanes.links.get(link));
    if (!lane || !this.#scene.sees(lane)) return;
    const x = this.#scene.x(row);
    const { crowded } = this.#scene.view;
    if (x - (this.#marked.get(lane.key) ?? Number.NEGATIVE_INFINITY) < (crowded ? BIN : MARK_SPACE)) return;
    this.#marked.set(lane.key, x);
    if (crowded) {
      this.#pen.fill(
        "trouble",
        x - BIN / 2,
        this.#scene.y(lane.y),
        BIN,
        lane.kind === "link" ? 4 : lane.height / 2,
      );
      return;
    }
    const { log } = flow;
    const outcome = outcomeOf({ type: log.type(row), value: log.value(row), result: log.result(row) });
    if (isTrouble(outcome))
      this.#pen.mark("trouble", outcome, x, this.#scene.y(lane.kind === "link" ? lane.handler : lane.line));
  }

  #marker(name: string, row: number): void {
    if (!this.#scene.view.flow.isIn(row, this.#scene.view.run)) return;
    const x = this.#scene.x(row);
    this.#pen.fill("ink", x, 18, 1, this.#scene.view.height);
    this.#pen.fill("ink", x - 8, 16, 16, 15);
    this.#pen.write("surface", name, x, 24, "center");
  }

  #veil(): void {
    const { cursor } = this.#emphasis;
    if (cursor === null) return;
    const { scale, left, width, height } = this.#scene.view;
    const x = Math.max(0, MARGIN + cursor * scale - left);
    this.#pen.opacity = VEIL_OPACITY;
    this.#pen.fill("surface", x, 0, Math.max(0, width - x), height);
    this.#pen.opacity = 1;
    this.#pen.fill("accent", x, 16, 1.5, height);
  }

  #choice(): void {
    const { selected } = this.#emphasis;
    if (selected === null || !this.#scene.view.flow.isIn(selected, this.#scene.view.run)) return;
    this.#pen.fill("ink", this.#scene.x(selected), 16, 1, this.#scene.view.height);
  }
}

/** The first index from `from` on whose row is not below `row`, which is near most of the time. */
function gallop(
  rows: { readonly length: number; at(index: number): number },
  from: number,
  row: number,
): number {
  let step = 1;
  let low = from;
  while (low + step < rows.length && rows.at(low + step) < row) {
    low += step;
    step *= 2;
  }
  let high = Math.min(rows.length, low + step);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows.at(middle) < row) low = middle + 1;
    else high = middle;
  }
  return low;
}
