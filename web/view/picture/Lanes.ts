// SPDX-License-Identifier: MIT
// Which lanes a run has, and where. Lanes stand in the order in which they appeared and never move while a
// run goes on: a program, the link it made, the child it forked.

import { type Link, type Process, type Run, WHOLE } from "../../flow/Lives.ts";
import { bytesWords, itemsWords, sizeWords } from "../../flow/Meaning.ts";
import type { Lane } from "./Drawing.ts";
import { Shelf } from "./Shelf.ts";

export const TOP = 30;
/** So many lives still have a lane each. */
const FEW = 12;

/** A limit at most so many times the peak is drawn to scale. */
const LIMIT_NEAR = 4;

export type Life = Process | Link;

/** Heights in pixels. */
interface Measures {
  readonly gap: number;
  readonly process: number;
  /** From the line of a life to the far edge of its lane: two rows of words. */
  readonly words: number;
  readonly handler: number;
  /** Around and between what is in a link's lane. */
  readonly space: number;
  readonly slot: number;
  readonly depth: number;
}

/** Near: there is room for words. Far: as many lanes as still can be told apart. */
const MEASURES = {
  near: { gap: 8, process: 64, words: 44, handler: 16, space: 8, slot: 24, depth: 30 },
  far: { gap: 4, process: 18, words: 9, handler: 3, space: 2, slot: 3, depth: 12 },
} satisfies Record<string, Measures>;

export type Distance = keyof typeof MEASURES;

export const HANDLER_HEIGHT = MEASURES.near.handler;
/** More waiting items than this share the height of this many. */
const SLOTS_SHOWN = 8;

export interface ProcessLane extends Lane {
  readonly kind: "process";
  readonly process: Process;
  /** It lived before the run began and only takes part in it. */
  readonly elder: boolean;
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
  readonly handlerHeight: number;
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

/** Where the lanes begin, and between which rows lives must have been to be seen. */
export interface Sight {
  readonly top: number;
  readonly from: number;
  readonly to: number;
  /** Other runs are seen, too: one of theirs that takes part in this one has its lane there. */
  readonly among: boolean;
  /** Lives whose lanes are elsewhere. */
  readonly without: ReadonlySet<Life>;
}

const ALL: Sight = {
  top: TOP,
  from: 0,
  to: Number.POSITIVE_INFINITY,
  among: false,
  without: new Set(),
};

/** A run of a few lives keeps a lane for each from its beginning to its end; in a larger one lanes are used again. */
export function lanesOf(run: Run, distance: Distance = "near", sight = ALL): Lanes {
  const own = (life: Life) =>
    !sight.without.has(life) && (!sight.among || life.run === run || life.run === null);
  if (run.lives.size <= FEW) return lanesFrom(run, [...run.lives].filter(own), distance, sight.top);
  const { families, height } = packed(run, distance);
  const seen = families.filter(({ first, last }) => last >= sight.from && first <= sight.to);
  const parts = seen.map((family) =>
    family.lives.every(own)
      ? lanesOfFamily(run, family, distance, sight.top)
      : lanesFrom(run, family.lives.filter(own), distance, sight.top + family.top),
  );
  return joined(parts, sight.top + height);
}

/** The lanes of whole families where they stood last: who pans over a large log makes none of them anew. */
const standing = new WeakMap<Family, { readonly top: number; readonly lanes: Lanes }>();

function lanesOfFamily(run: Run, family: Family, distance: Distance, above: number): Lanes {
  const top = above + family.top;
  const known = standing.get(family);
  if (known?.top === top) return known.lanes;
  const lanes = lanesFrom(run, family.lives, distance, top);
  standing.set(family, { top, lanes });
  return lanes;
}

export function heightOf(run: Run, distance: Distance): number {
  if (run.lives.size > FEW) return packed(run, distance).height;
  return lanesFrom(run, [...run.lives], distance, 0).height;
}

/** A lane for each of some lives of a run, one under the other. */
export function lanesFrom(run: Run, lives: readonly Life[], distance: Distance, top: number): Lanes {
  const measures = MEASURES[distance];
  const all: (ProcessLane | LinkLane)[] = [];
  const processes = new Map<Process, ProcessLane>();
  const links = new Map<Link, LinkLane>();
  let y = top;
  for (const life of lives) {
    if ("pid" in life) processes.set(life, pushed(all, processLane(life, run, y, links.size > 0, measures)));
    else links.set(life, pushed(all, linkLane(life, y, measures)));
    y += (all.at(-1)?.height ?? 0) + measures.gap;
  }
  return { all, processes, links, height: y + 4 };
}

/** A process and the links that it made, at one place. */
interface Family {
  readonly lives: readonly Life[];
  readonly first: number;
  readonly last: number;
  readonly top: number;
}

interface Packed {
  readonly families: readonly Family[];
  readonly height: number;
  /** Events that the run had. */
  readonly events: number;
}

const packings = { near: new WeakMap<Run, Packed>(), far: new WeakMap<Run, Packed>() };

function packed(run: Run, distance: Distance): Packed {
  const known = packings[distance].get(run);
  if (known?.events === run.events.length) return known;
  const shelf = new Shelf();
  const families = familiesOf(run).map((family) => {
    const { height } = lanesFrom(run, family.lives, distance, 0);
    return { ...family, top: shelf.place(family.first, family.last, height) };
  });
  const packing = { families, height: shelf.height, events: run.events.length };
  packings[distance].set(run, packing);
  return packing;
}

function familiesOf({ lives }: Run): Omit<Family, "top">[] {
  const families = new Map<Life, Life[]>();
  for (const life of lives) {
    const head = "pid" in life ? life : (life.creator ?? life);
    families.set(head, [...(families.get(head) ?? []), life]);
  }
  return [...families.values()]
    .map((family) => ({
      lives: family,
      first: Math.min(...family.map(({ first }) => first)),
      last: Math.max(...family.map(endOf)),
    }))
    .sort((a, b) => a.first - b.first);
}

function endOf(life: Life): number {
  return ("pid" in life ? life.exit : life.release) ?? Number.POSITIVE_INFINITY;
}

/** The lanes whose names are shown where several lives share a height: of those that live between two rows, the longest. */
export function named({ all }: Pick<Lanes, "all">, from: number, to: number): (ProcessLane | LinkLane)[] {
  const lasting = (lane: ProcessLane | LinkLane) => {
    const life = lane.kind === "link" ? lane.link : lane.process;
    return Math.min(endOf(life), to) - Math.max(life.first, from);
  };
  const free: (ProcessLane | LinkLane)[] = [];
  const ranked = all.map((lane) => ({ lane, lasts: lasting(lane) })).filter(({ lasts }) => lasts >= 0);
  for (const { lane } of ranked.sort((a, b) => b.lasts - a.lasts)) {
    if (!free.some((other) => lane.y < other.y + other.height && other.y < lane.y + lane.height))
      free.push(lane);
  }
  return free.sort((a, b) => a.y - b.y);
}

/** The lanes of several runs as one. */
export function joined(parts: readonly Lanes[], height: number): Lanes {
  const all: (ProcessLane | LinkLane)[] = [];
  const processes = new Map<Process, ProcessLane>();
  const links = new Map<Link, LinkLane>();
  for (const lane of parts.flatMap((part) => part.all)) {
    all.push(lane);
    if (lane.kind === "link") links.set(lane.link, lane);
    else processes.set(lane.process, lane);
  }
  return { all, processes, links, height };
}

function pushed<T extends ProcessLane | LinkLane>(all: (ProcessLane | LinkLane)[], lane: T): T {
  all.push(lane);
  return lane;
}

export function keyOf(life: Life): string {
  return "pid" in life ? `process-${life.ordinal}` : `link-${life.ordinal}`;
}

function processLane(process: Process, run: Run, y: number, below: boolean, measures: Measures): ProcessLane {
  return {
    kind: "process",
    key: keyOf(process),
    title: process.comm,
    subtitle: kinWords(process),
    y,
    height: measures.process,
    process,
    elder: run.ordinal === WHOLE ? process.run === null : process.run !== run,
    line: below ? y + measures.process - measures.words : y + measures.words,
    words: below ? 1 : -1,
  };
}

/** Parent and child often have one name. */
function kinWords({ pid, parent, run }: Process): string {
  return parent !== null && parent.run === run ? `${pid}, child of ${parent.pid}` : `process ${pid}`;
}

function linkLane(link: Link, y: number, { space, handler, slot, depth }: Measures): LinkLane {
  const rows = Math.max(1, link.rows);
  const slotsTop = space + handler + space;
  const slotsHeight = Math.min(rows, SLOTS_SHOWN) * slot;
  const foot = Math.ceil(space * 0.75);
  const height = slotsTop + slotsHeight + foot + depth + foot;
  return {
    kind: "link",
    key: keyOf(link),
    title: `link ${link.id}`,
    subtitle: peakWords(link),
    y,
    height,
    link,
    handler: y + space,
    handlerHeight: handler,
    slots: y + slotsTop,
    slotHeight: slotsHeight / rows,
    depth: y + height - foot,
    depthHeight: depth,
  };
}

/** What the top of a depth chart stands for; the limit where it is near enough to be drawn to scale. */
export interface DepthScale {
  readonly top: number;
  readonly limit: number | null;
}

export function itemsScale({ peakItems, limits }: Link): DepthScale {
  return scaleOf(peakItems, limits?.items);
}

export function bytesScale({ peakBytes, limits }: Link): DepthScale {
  return scaleOf(peakBytes, limits?.bytes);
}

function scaleOf(peak: number, set: number | undefined): DepthScale {
  const limit = set !== undefined && set <= peak * LIMIT_NEAR ? set : null;
  return { top: Math.max(1, peak, limit ?? 0), limit };
}

/** The limits that are too far away to be drawn to scale: "1024 items, 2 MiB". */
export function farLimits(link: Link): string {
  const { limits } = link;
  if (!limits) return "";
  const far = [
    itemsScale(link).limit === null ? itemsWords(limits.items) : "",
    bytesScale(link).limit === null ? sizeWords(limits.bytes) : "",
  ];
  return far.filter((words) => words !== "").join(", ");
}

function peakWords({ peakItems, peakBytes, limits }: Link): string {
  if (peakItems === 0) return "nothing queued";
  const [items, bytes] = [kept(itemsWords(peakItems)), kept(bytesWords(peakBytes))];
  if (!limits) return `${items}, ${bytes}`;
  return `${peakItems} of ${kept(itemsWords(limits.items))}, ${bytes} of ${kept(sizeWords(limits.bytes))}`;
}

/** On one line: a number without what it counts tells nothing. */
function kept(words: string): string {
  return words.replace(" ", "\u00a0");
}
