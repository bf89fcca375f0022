// SPDX-License-Identifier: MIT
// Which lanes a run has, and where. Lanes stand in the order in which they appeared and never move while a
// run goes on: a program, the link it made, the child it forked.

import type { Link, Process, Run } from "../../flow/Lives.ts";
import { bytesWords, itemsWords } from "../../flow/Meaning.ts";
import type { Lane } from "./Drawing.ts";

const TOP = 30;
const PROCESS_HEIGHT = 64;
/** From the line of a life to the far edge of its lane: two rows of words. */
const WORDS_HEIGHT = 44;
const GAP = 8;
const HANDLER_TOP = 8;
export const HANDLER_HEIGHT = 16;
const SLOTS_TOP = HANDLER_TOP + HANDLER_HEIGHT + 8;
const SLOT_HEIGHT = 24;
/** More waiting items than this share the height of this many. */
const SLOTS_SHOWN = 8;
const DEPTH_HEIGHT = 22;

export interface ProcessLane extends Lane {
  readonly kind: "process";
  readonly process: Process;
  /** The line of its life. */
  readonly line: number;
  /** Words stand on the side that strokes do not leave from: -1 above the line, +1 below. */
  readonly words: -1 | 1;
}

export interface LinkLane extends Lane {
  readonly kind: "link";
  readonly link: Link;
  /** Top of the handler's band. */
  readonly handler: number;
  readonly slots: number;
  readonly slotHeight: number;
  /** Bottom line of the depth chart, and its height. */
  readonly depth: number;
  readonly depthHeight: number;
}

export interface Lanes {
  readonly all: readonly (ProcessLane | LinkLane)[];
  readonly processes: ReadonlyMap<Process, ProcessLane>;
  readonly links: ReadonlyMap<Link, LinkLane>;
  readonly height: number;
}

export function lanesOf(run: Run): Lanes {
  const all: (ProcessLane | LinkLane)[] = [];
  const processes = new Map<Process, ProcessLane>();
  const links = new Map<Link, LinkLane>();
  let y = TOP;
  for (const life of run.lives) {
    if ("pid" in life) processes.set(life, pushed(all, processLane(life, y, links.size > 0)));
    else links.set(life, pushed(all, linkLane(life, y)));
    y += (all.at(-1)?.height ?? 0) + GAP;
  }
  return { all, processes, links, height: y + 4 };
}

function pushed<T extends ProcessLane | LinkLane>(all: (ProcessLane | LinkLane)[], lane: T): T {
  all.push(lane);
  return lane;
}

function processLane(process: Process, y: number, below: boolean): ProcessLane {
  return {
    kind: "process",
    key: `process-${process.ordinal}`,
    title: process.comm,
    subtitle: kinWords(process),
    y,
    height: PROCESS_HEIGHT,
    process,
    line: below ? y + PROCESS_HEIGHT - WORDS_HEIGHT : y + WORDS_HEIGHT,
    words: below ? 1 : -1,
  };
}

/** Parent and child often have one name. */
function kinWords({ pid, parent, run }: Process): string {
  return parent !== null && parent.run === run ? `${pid}, child of ${parent.pid}` : `process ${pid}`;
}

function linkLane(link: Link, y: number): LinkLane {
  const rows = Math.max(1, link.rows);
  const slotsHeight = Math.min(rows, SLOTS_SHOWN) * SLOT_HEIGHT;
  const height = SLOTS_TOP + slotsHeight + 6 + DEPTH_HEIGHT + 6;
  return {
    kind: "link",
    key: `link-${link.ordinal}`,
    title: `link ${link.id}`,
    subtitle: peakWords(link),
    y,
    height,
    link,
    handler: y + HANDLER_TOP,
    slots: y + SLOTS_TOP,
    slotHeight: slotsHeight / rows,
    depth: y + height - 6,
    depthHeight: DEPTH_HEIGHT,
  };
}

function peakWords(link: Link): string {
  return link.peakItems === 0
    ? "nothing queued"
    : `${itemsWords(link.peakItems)}, ${bytesWords(link.peakBytes)}`;
}
