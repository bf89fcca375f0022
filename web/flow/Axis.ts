// SPDX-License-Identifier: MIT
// Where each event of a run stands from left to right, in units of the picture.
//
// Events of one call are nanoseconds apart, calls microseconds, and between two commands a person thinks
// for seconds: on a true scale one sees three dots. "story" gives every event a step of its own that grows
// with the logarithm of the time it took, and cuts long gaps out visibly. "time" is the true scale.

import { doubles } from "./Column.ts";
import type { Flow } from "./Flow.ts";
import type { Run } from "./Lives.ts";

export type AxisKind = "story" | "time";

/** A gap longer than this is drawn as a break, with its length written on it. */
export const GAP_NS = 5e6;
const GAP_STEP = 1.6;
/** From here on a longer time is also a longer step. */
const SHORT_NS = 20e3;
const GROWTH_PER_DOUBLING = 0.08;

export interface Gap {
  /** Position in the run's events of the event after the gap. */
  readonly index: number;
  readonly ns: number;
}

export class Axis {
  readonly kind: AxisKind;
  readonly gaps: Gap[] = [];
  readonly #flow: Flow;
  readonly #run: Run;
  readonly #positions = doubles();

  constructor(kind: AxisKind, flow: Flow, run: Run) {
    this.kind = kind;
    this.#flow = flow;
    this.#run = run;
    this.update();
  }

  /** Takes in the events that the run has gained. */
  update(): void {
    for (let index = this.#positions.length; index < this.#run.events.length; index++) {
      this.#positions.push(this.#next(index));
    }
  }

  get length(): number {
    return this.#positions.length;
  }

  /** The axis ends here; it starts at 0. */
  get end(): number {
    return this.length === 0 ? 0 : this.at(this.length - 1);
  }

  /** Those before the events from index `from` up to `to`. */
  gapsBetween(from: number, to: number): Gap[] {
    let first = this.gaps.length;
    while (first > 0 && (this.gaps[first - 1]?.index ?? 0) > to) first--;
    const end = first;
    while (first > 0 && (this.gaps[first - 1]?.index ?? 0) >= from) first--;
    return this.gaps.slice(first, end);
  }

  /** Position of the run's index-th event. */
  at(index: number): number {
    return this.#positions.at(index);
  }

  /** Position of an event by its row; the row must be one of the run's. */
  ofRow(row: number): number {
    return this.at(this.indexOf(row));
  }

  /** Which of the run's events the row is, or the next one behind it. */
  indexOf(row: number): number {
    return Math.min(this.#run.events.lowerBound(row), this.length - 1);
  }

  rowAt(index: number): number {
    return this.#run.events.at(index);
  }

  /** The first event at or behind a position. */
  firstFrom(position: number): number {
    return this.#positions.lowerBound(position);
  }

  /** Nanoseconds since the run's first event. */
  elapsed(index: number): number {
    return this.#time(index) - this.#time(0);
  }

  #time(index: number): number {
    return this.#flow.timeNs(this.#run.events.at(index));
  }

  #next(index: number): number {
    if (this.kind === "time") return this.elapsed(index) / 1000;
    if (index === 0) return 0;
    const ns = this.#time(index) - this.#time(index - 1);
    if (ns > GAP_NS) this.gaps.push({ index, ns });
    return this.#positions.at(index - 1) + storyStep(ns);
  }
}

function storyStep(ns: number): number {
  const grown = 1 + GROWTH_PER_DOUBLING * Math.log2(1 + Math.min(ns, GAP_NS) / SHORT_NS);
  return ns > GAP_NS ? grown + GAP_STEP : grown;
}
