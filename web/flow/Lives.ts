// SPDX-License-Identifier: MIT
// What lives between a first and a last event: processes, links, and runs (a program with all it started).

import type { Column, Rows } from "./Column.ts";
import type { Peaks } from "./Peaks.ts";
import { Tally } from "./Tally.ts";

/** One process from fork to exit. A pid that is used again is another process. */
export interface Process {
  readonly ordinal: number;
  readonly pid: number;
  /** The process that forked it, or null when it lived before the monitor looked. */
  readonly parent: Process | null;
  /** Row of the fork that made it; of its first event when it lived before. */
  readonly first: number;
  readonly run: Run | null;
  comm: string;
  /** Rows of its exec events. */
  readonly execs: number[];
  /** Row of its exit, or null while it lives. */
  exit: number | null;
  /** Rows of its events, ascending. */
  readonly events: Column;
}

/** One open ddlink, from create to the last close. */
export interface Link {
  readonly ordinal: number;
  readonly id: number;
  kind: string;
  readonly first: number;
  readonly run: Run;
  readonly creator: Process | null;
  hangup: number | null;
  release: number | null;
  /** Rows of its events, ascending. */
  readonly events: Column;
  /** Item numbers in the order in which they were queued. */
  readonly items: Column;
  /** Rows of the picture that its waiting items have needed at most, and items that waited at most. */
  rows: number;
  peakItems: number;
  peakBytes: number;
  /** Items queued after each of its events: the largest of any stretch of them. */
  readonly depths: Peaks;
  /** What its queue may hold, as the kernel said when it was made; null where that is not known. */
  readonly limits: Limits | null;
}

export interface Limits {
  readonly items: number;
  /** Of the items with what the kernel needs to keep them. */
  readonly bytes: number;
}

/** One program and everything that it started: what a person thinks of as "that run". */
export interface Run {
  /** WHOLE for the run that stands for the whole log. */
  readonly ordinal: number;
  readonly root: Process | null;
  /** Rows of its events, ascending. */
  readonly events: Rows;
  readonly processes: Process[];
  readonly links: Link[];
  /** Who did something in it, in the order of appearance; one who only forked its root is not among them. */
  readonly lives: Set<Process | Link>;
  readonly tally: Tally;
  /** Processes alive and links open; the run is over at 0. */
  alive: number;
}

/** Ordinal of the run that all events belong to. */
export const WHOLE = -1;

export function newRun(ordinal: number, root: Process | null, events: Rows): Run {
  return {
    ordinal,
    root,
    events,
    processes: [],
    links: [],
    lives: new Set(),
    tally: new Tally(),
    alive: 0,
  };
}
