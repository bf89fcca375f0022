// SPDX-License-Identifier: MIT
// The drawing of what is in sight, as long as there is room for words: made anew only where something else is seen.

import type { Axis } from "../../flow/Axis.ts";
import type { Flow } from "../../flow/Flow.ts";
import type { Run } from "../../flow/Lives.ts";
import type { Drawing } from "./Drawing.ts";
import { layout } from "./Layout.ts";
import type { LanePlan } from "./Stack.ts";
import type { Viewport } from "./Viewport.ts";

/** Pixels that are drawn beyond each edge, so that scrolling a little draws nothing. */
const OVERSCAN = 600;
/** Texts of long bars follow the seen part in steps of so many pixels. */
const LABEL_STEP = 24;

interface Seen {
  readonly flow: Flow;
  /** Raised with each event, because the flow is changed in place. */
  readonly version: number;
  readonly run: Run;
  readonly axis: Axis;
  readonly plan: LanePlan;
  readonly viewport: Viewport;
}

export class NearDrawing {
  #drawing: Drawing | null = null;
  /** What it was made for; a cursor moves over it without a new one. */
  #madeFor = "";
  #from = 0;
  #to = 0;
  #labelsAt = 0;

  get drawing(): Drawing | null {
    return this.#drawing;
  }

  /** Lanes have moved. */
  forget(): void {
    this.#madeFor = "";
  }

  /** True when the texts of long bars no longer stand in the seen part. */
  isBehind({ left }: Viewport): boolean {
    return Math.round(left / LABEL_STEP) !== this.#labelsAt;
  }

  update(seen: Seen): void {
    const { flow, run, axis, plan, viewport } = seen;
    const { left, room, scale } = viewport;
    const labelsAt = Math.round(left / LABEL_STEP);
    const needed = [run.ordinal, axis.kind, seen.version, scale, room, labelsAt].join();
    if (needed === this.#madeFor && left >= this.#from && left + room <= this.#to) return;
    this.#madeFor = needed;
    this.#labelsAt = labelsAt;
    this.#from = left - OVERSCAN;
    this.#to = left + room + OVERSCAN;
    const [from, to] = [this.#from, this.#to];
    const [first, last] = viewport.indices(axis, from, to);
    const lanes = plan.lanes("near", axis.rowAt(first), axis.rowAt(last));
    this.#drawing = layout({ flow, run, lanes, axis, scale, left, from, to });
  }
}
