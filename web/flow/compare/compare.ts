// SPDX-License-Identifier: MIT
// Where two runs part: event by event, with ids renamed (Renaming.ts), up to the first difference.

import type { KernelEvent } from "../../bridge/KernelEvent.ts";
import { type Anonymous, Renaming } from "./Renaming.ts";

/** Events of a run, by their place in it. */
export interface Events {
  readonly length: number;
  at(index: number): KernelEvent;
}

export interface Part {
  readonly name: string;
  readonly left: string;
  readonly right: string;
}

export interface Comparison {
  /** Events that are the same on both sides, from the beginning. */
  readonly same: number;
  /** What differs in the next event; empty when one side ends there; null when nothing differs at all. */
  readonly parts: readonly Part[] | null;
}

export function compareRuns(left: Events, right: Events): Comparison {
  const lefts = new Renaming();
  const rights = new Renaming();
  const both = Math.min(left.length, right.length);
  for (let index = 0; index < both; index++) {
    const parts = differences(lefts.anonymous(left.at(index)), rights.anonymous(right.at(index)));
    if (parts.length > 0) return { same: index, parts };
  }
  return { same: both, parts: left.length === right.length ? null : [] };
}

/** What is compared, in the order in which a person wants to know. */
const NAMES: readonly (keyof Anonymous)[] = [
  ...(["what", "process", "thread", "name", "link", "item", "result", "value", "length"] as const),
  ...(["flags", "items queued", "bytes queued", "payload"] as const),
];

function differences(left: Anonymous, right: Anonymous): Part[] {
  return NAMES.filter((name) => left[name] !== right[name]).map((name) => ({
    name,
    left: String(left[name]),
    right: String(right[name]),
  }));
}
