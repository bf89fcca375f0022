// SPDX-License-Identifier: MIT
// What is seen of a large log, from afar: the part of the axis and of the lanes that the view shows.

import type { Axis } from "../../../flow/Axis.ts";
import type { Rows } from "../../../flow/Column.ts";
import type { Flow } from "../../../flow/Flow.ts";
import type { Run } from "../../../flow/Lives.ts";
import type { Lanes, LinkLane, ProcessLane } from "../Lanes.ts";
import { MARGIN } from "../Layout.ts";

/** Width of an amount, in pixels. */
export const BIN = 2;

export interface FarView {
  readonly flow: Flow;
  readonly run: Run;
  readonly axis: Axis;
  /** Pixels per unit of the axis. */
  readonly scale: number;
  /** Where the view stands in the whole picture, and its size, in pixels. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly lanes: Lanes;
  /** There are more events than can be drawn each for itself. */
  readonly crowded: boolean;
}

/** Pixels from which an event may reach into the view: a mark's half, an amount's whole. A strip is often as narrow as that. */
export function reachOf(crowded: boolean): number {
  return crowded ? 2 * BIN : MARGIN;
}

export class FarScene {
  readonly view: FarView;
  /** Indices of the run's events that are seen, the second one excluded. */
  readonly from: number;
  readonly to: number;
  readonly firstRow: number;
  readonly lastRow: number;

  constructor(view: FarView) {
    this.view = view;
    const { axis } = view;
    [this.from, this.to] = seen(view);
    this.firstRow = axis.rowAt(Math.min(this.from, axis.length - 1));
    this.lastRow = axis.rowAt(Math.max(0, this.to - 1));
  }

  /** Pixels from the left edge of the view. */
  x(row: number): number {
    const { axis, scale, left } = this.view;
    return MARGIN + axis.ofRow(row) * scale - left;
  }

  /** Like `x`; far outside of the view it is only about right, so that no number grows too large to be drawn. */
  clippedX(row: number | null): number {
    if (row === null) return this.view.width + MARGIN;
    if (row < this.firstRow) return -MARGIN;
    return row > this.lastRow ? this.view.width + MARGIN : this.x(row);
  }

  y(inPicture: number): number {
    return inPicture - this.view.top;
  }

  sees(lane: ProcessLane | LinkLane): boolean {
    const y = this.y(lane.y);
    return y < this.view.height && y + lane.height > 0;
  }

  /** Indices of those of the rows that are seen, the second one excluded. */
  range(rows: Rows): readonly [number, number] {
    return [rows.lowerBound(this.firstRow), rows.lowerBound(this.lastRow + 1)];
  }

  /** The event that is nearest to a point of the view, of the lives that have a lane there; null where there is none. */
  eventAt(x: number, y: number): number | null {
    const distance = (row: number) => Math.abs(this.x(row) - x);
    const rows = this.view.lanes.all
      .filter((lane) => y >= this.y(lane.y) && y < this.y(lane.y) + lane.height)
      .flatMap((lane) => this.#around(lane.kind === "link" ? lane.link.events : lane.process.events, x));
    return rows.sort((a, b) => distance(a) - distance(b))[0] ?? null;
  }

  /** The last of the seen rows before a place, and the first behind it. */
  #around(rows: Rows, x: number): number[] {
    const [from, to] = this.range(rows);
    let [low, high] = [from, to];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.x(rows.at(middle)) < x) low = middle + 1;
      else high = middle;
    }
    return [low - 1, low].filter((index) => index >= from && index < to).map((index) => rows.at(index));
  }
}

function seen({ axis, scale, left, width, crowded }: FarView): [number, number] {
  const reach = reachOf(crowded);
  const from = axis.firstFrom((left - MARGIN - reach) / scale);
  const to = axis.firstFrom((left + width - MARGIN + 2 * reach) / scale);
  return [Math.max(0, from - 1), Math.min(axis.length, to + 1)];
}
