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

const NAMES = Object.keys({
  what: 0,
  process: 0,
  thread: 0,
  name: 0,
  link: 0,
  item: 0,
  result: 0,
  value: 0,
  length: 0,
  flags: 0,
  "items queued": 0,
  "bytes queued": 0,
  payload: 0,
} satisfies Record<keyof Anonymous, 0>);

function differences(left: Anonymous, right: Anonymous): Part[] {
  const rights = new Map(Object.entries(right));
  const lefts = new Map(Object.entries(left));
  return NAMES.filter((name) => lefts.get(name) !== rights.get(name)).map((name) => ({
    name,
    left: String(lefts.get(name)),
    right: String(rights.get(name)),
  }));
}
