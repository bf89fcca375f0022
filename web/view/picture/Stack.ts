// SPDX-License-Identifier: MIT
// A whole log from top to bottom: each run has a block of lanes, and takes the highest place that is free for all of
// its time. Runs one after the other stand side by side, those at the same time one above the other.

import type { Run } from "../../flow/Lives.ts";
import { type Distance, joined, type Lanes, lanesOf, TOP } from "./Lanes.ts";

/** Events between the end of a run and the beginning of another at the same height: "exit 0" stands there. */
const CLEARANCE = 4;

interface Block {
  readonly run: Run;
  readonly top: number;
  readonly bottom: number;
  readonly last: number;
}

export class Stack {
  readonly #runs: readonly Run[];
  readonly #distance: Distance;
  /** In the order of the runs. */
  readonly #blocks: Block[] = [];
  /** So many of the first runs are over and have their place for good; `#taken` are the blocks that still stood then. */
  #settled = 0;
  #taken: readonly Block[] = [];
  #height = TOP;

  constructor(runs: readonly Run[], distance: Distance) {
    this.#runs = runs;
    this.#distance = distance;
    this.update();
  }

  get height(): number {
    return this.#height;
  }

  /** Takes in what the runs have gained. */
  update(): void {
    let taken = this.#taken;
    this.#blocks.length = this.#settled;
    for (let index = this.#settled; index < this.#runs.length; index++) {
      const run = this.#runs[index];
      if (!run) break;
      taken = this.#place(run, taken);
      if (index === this.#settled && run.alive === 0) {
        this.#settled++;
        this.#taken = taken;
      }
    }
  }

  /** The lanes of the runs of which some event lies between two rows. */
  lanes(from: number, to: number): Lanes {
    const seen = this.#blocks.filter(({ run, last }) => last >= from && run.events.at(0) <= to);
    return joined(
      seen.map(({ run, top }) => lanesOf(run, this.#distance, top)),
      this.#height,
    );
  }

  #place(run: Run, before: readonly Block[]): readonly Block[] {
    const first = run.events.at(0);
    const taken = before.filter(({ last }) => last + CLEARANCE >= first);
    const height = lanesOf(run, this.#distance, 0).height;
    const top = firstGap(taken, height);
    const last = run.alive > 0 ? Number.POSITIVE_INFINITY : run.events.at(run.events.length - 1);
    const block = { run, top, bottom: top + height, last };
    this.#blocks.push(block);
    this.#height = Math.max(this.#height, block.bottom);
    return [...taken, block].sort((a, b) => a.top - b.top);
  }
}

/** `taken` from top to bottom. */
function firstGap(taken: readonly Block[], height: number): number {
  let top = TOP;
  for (const block of taken) {
    if (block.top - top >= height) break;
    top = Math.max(top, block.bottom);
  }
  return top;
}
