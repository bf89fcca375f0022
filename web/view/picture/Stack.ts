// SPDX-License-Identifier: MIT
// A whole log from top to bottom: runs one after the other stand side by side, those at the same time one above the
// other.

import type { Flow } from "../../flow/Flow.ts";
import type { Run } from "../../flow/Lives.ts";
import type { Lane } from "./Drawing.ts";
import {
  type Distance,
  heightOf,
  joined,
  keyOf,
  type Lanes,
  type Life,
  lanesFrom,
  lanesOf,
  type Sight,
  TOP,
} from "./Lanes.ts";
import { Shelf } from "./Shelf.ts";

interface Block {
  readonly run: Run;
  readonly top: number;
  readonly last: number;
}

class Stack {
  readonly #flow: Flow;
  readonly #distance: Distance;
  /** Events and cuts that there were when all had their place. */
  #known = 0;
  /** In the order of the runs. */
  readonly #blocks: Block[] = [];
  /** So many of the first runs are over and have their place for good; `#settled` is the shelf with those alone. */
  #over = 0;
  #settled = new Shelf();
  #shelf = new Shelf();

  constructor(flow: Flow, distance: Distance) {
    this.#flow = flow;
    this.#distance = distance;
  }

  /** Takes in what the runs have gained. */
  update(): void {
    const now = this.#flow.length + this.#flow.cuts.size;
    if (this.#known === now) return;
    this.#known = now;
    this.#shelf = this.#settled.copy();
    this.#blocks.length = this.#over;
    for (const run of this.#flow.runs.slice(this.#over)) {
      this.#place(run);
      if (run.alive > 0 || this.#blocks.length !== this.#over + 1) continue;
      this.#over++;
      this.#settled = this.#shelf.copy();
    }
  }

  /** The lanes of which some event lies between two rows. */
  lanes(sight: Sight): Lanes {
    const { from, to } = sight;
    const seen = this.#blocks.filter(({ run, last }) => last >= from && run.events.at(0) <= to);
    const parts = seen.map(({ run, top }) =>
      lanesOf(run, this.#distance, { ...sight, top: sight.top + top }),
    );
    return joined(parts, sight.top + this.#shelf.height);
  }

  #place(run: Run): void {
    const last = run.alive > 0 ? Number.POSITIVE_INFINITY : run.events.at(run.events.length - 1);
    const top = this.#shelf.place(run.events.at(0), last, heightOf(run, this.#distance));
    this.#blocks.push({ run, top, last });
  }
}

/** Where the lanes of a run stand; those of a whole log depend on what is seen of it. */
export class LanePlan {
  readonly #flow: Flow;
  readonly #run: Run;
  readonly #stacks = new Map<Distance, Stack>();

  constructor(flow: Flow, run: Run) {
    this.#flow = flow;
    this.#run = run;
  }

  /** Those that a person has pinned stand above all others, in the order in which he did. */
  readonly pinned = new Set<Life>();

  /** Which they are, as one text. */
  get pinnedKeys(): string {
    return [...this.pinned].map(keyOf).join();
  }

  isPinned(lane: Lane): boolean {
    return [...this.pinned].some((life) => keyOf(life) === lane.key);
  }

  lanes(distance: Distance, from = 0, to = Number.POSITIVE_INFINITY): Lanes {
    const top = this.#top(distance);
    const among = this.#run === this.#flow.whole;
    const sight = { top: top.height, from, to, among, without: this.pinned };
    const others = among ? this.#stack(distance).lanes(sight) : lanesOf(this.#run, distance, sight);
    return this.pinned.size === 0 ? others : joined([top, others], others.height);
  }

  /** Of all lanes, seen or not. */
  height(distance: Distance): number {
    return this.lanes(distance, 0, -1).height;
  }

  #top(distance: Distance): Lanes {
    if (this.pinned.size === 0) return { all: [], processes: new Map(), links: new Map(), height: TOP };
    return lanesFrom(this.#run, [...this.pinned], distance, TOP);
  }

  #stack(distance: Distance): Stack {
    const stack = this.#stacks.get(distance) ?? new Stack(this.#flow, distance);
    this.#stacks.set(distance, stack);
    stack.update();
    return stack;
  }
}
