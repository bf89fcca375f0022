// SPDX-License-Identifier: MIT
// The fold: events in, a model of who did what and what waited where out.
//
// Each event gets a row. Beside the event's own columns stand what the fold found out about it:
// the process, the link, the item and the run it belongs to, and its partner (a write call is an
// `enter` and a `write`; a poll that blocked is two `poll` events). Rows never change once pushed,
// but for that partner, so the model at an earlier moment is the model of its first rows.
//
// The index: `events` of a link, a process or a run are the rows of its events, ascending; `rowsOfItem` are those
// of an item. `log` has each field of each event without making an object.

import type { KernelEvent } from "../bridge/KernelEvent.ts";
import { Calls } from "./Calls.ts";
import { type Column, NONE, type Rows, words32 } from "./Column.ts";
import { EventLog, type Events } from "./EventLog.ts";
import { type Item, type ItemFields, Items, orNull } from "./Items.ts";
import { type Limits, type Link, newRun, type Process, type Run, WHOLE } from "./Lives.ts";
import { isTrouble, outcomeOf } from "./Meaning.ts";
import { type Moment, Moments } from "./Moments.ts";
import { Peaks } from "./Peaks.ts";
import { Waiting } from "./Waiting.ts";

const text = new TextDecoder();

export class Flow {
  readonly processes: Process[] = [];
  readonly links: Link[] = [];
  readonly runs: Run[] = [];
  /** All events as if they were one run. */
  readonly whole: Run = {
    ...newRun(WHOLE, null, new AllRows(this)),
    processes: this.processes,
    links: this.links,
  };
  readonly #rowsOfRun: Column[] = [];
  readonly #troubles = words32();
  readonly #log = new EventLog();
  readonly #items = new Items();
  readonly #processOf = words32();
  readonly #linkOf = words32();
  readonly #itemOf = words32();
  /** Row of the next event of the same item. */
  readonly #nextOfItem = words32();
  readonly #runOf = words32();
  readonly #calls = new Calls();
  /** The living (or last known) process by its tgid, the open link by its id. */
  readonly #byTgid = new Map<number, Process>();
  readonly #byLinkId = new Map<number, Link>();
  readonly #waiting = new Map<Link, Waiting>();
  /** The run of a process that lived before the monitor looked, while a link of it is open. */
  readonly #runOfElder = new Map<Process, Run>();
  readonly #cuts = new Set<number>();
  readonly #moments = new Moments(this);
  #lost = 0;

  /** Every event, field by field. */
  get log(): Events {
    return this.#log;
  }

  /** Every item, field by field, by its number. */
  get items(): ItemFields {
    return this.#items;
  }

  /** Rows of the events that did not go well, ascending. */
  get troubles(): Rows {
    return this.#troubles;
  }

  /** Rows before which the monitor began anew. */
  get cuts(): ReadonlySet<number> {
    return this.#cuts;
  }

  /** Memory of the events and of what is known of each; what is known of a process or link comes on top. */
  get byteLength(): number {
    const found = [this.#processOf, this.#linkOf, this.#itemOf, this.#runOf, this.#nextOfItem];
    const index = [...this.links, ...this.processes].map(({ events }) => events);
    const columns = [...found, ...this.#rowsOfRun, ...index].reduce(
      (sum, { byteLength }) => sum + byteLength,
      0,
    );
    const parts = [this.#log, this.#items, this.#calls, this.#moments];
    return parts.reduce((sum, { byteLength }) => sum + byteLength, columns);
  }

  get length(): number {
    return this.#log.length;
  }

  /** Events that the kernel had to drop because nobody read them in time. */
  get lost(): number {
    return this.#lost;
  }

  push(event: KernelEvent): number {
    const row = this.#log.push(event);
    const process = event.pid === 0 ? null : this.#process(event, row);
    const child = event.type === "fork" ? this.#fork(event, process, row) : null;
    const link = event.link === 0 ? null : this.#link(event, process, row);
    const run = link?.run ?? child?.run ?? process?.run ?? this.runs.at(-1) ?? this.#newRun(process);
    this.#processOf.push(process?.ordinal ?? NONE);
    this.#linkOf.push(link?.ordinal ?? NONE);
    this.#runOf.push(run.ordinal);
    this.#rowsOfRun[run.ordinal]?.push(row);
    this.#count(event, run, row);
    if (process && (process.run === run || link)) this.#enters(process, run);
    if (child) this.#enters(child, run);
    if (link) this.#enters(link, run);
    link?.events.push(row);
    process?.events.push(row);
    this.#calls.push(event, row);
    this.#chain(link ? this.#item(event, link, row) : NONE, row);
    this.#end(event, process, link, row);
    this.#moments.push(row);
    return row;
  }

  #count(event: KernelEvent, run: Run, row: number): void {
    const outcome = outcomeOf(event);
    run.tally.add(event.type, outcome);
    this.whole.tally.add(event.type, outcome);
    if (isTrouble(outcome)) this.#troubles.push(row);
  }

  #enters(life: Process | Link, run: Run): void {
    run.lives.add(life);
    this.whole.lives.add(life);
  }

  /** Is the event one of the run's? */
  isIn(row: number, run: Run): boolean {
    return run === this.whole || this.runOf(row) === run;
  }

  /** The monitor began anew: what was alive is unknown from here on. */
  cut(): void {
    this.#cuts.add(this.length);
    for (const run of this.runs) run.alive = 0;
    this.whole.alive = 0;
    this.#byTgid.clear();
    this.#byLinkId.clear();
    this.#waiting.clear();
    this.#runOfElder.clear();
    this.#calls.cut();
    this.#moments.cut();
  }

  /** Who lives and what waits right after an event, wherever it is. */
  moment(row: number): Moment {
    return this.#moments.at(row);
  }

  /** One event as an object; who reads many events reads their fields from `log`. */
  event(row: number): KernelEvent {
    return this.#log.at(row);
  }

  type(row: number): KernelEvent["type"] {
    return this.#log.type(row);
  }

  timeNs(row: number): number {
    return this.#log.timeNs(row);
  }

  depth(row: number): number {
    return this.#log.items(row);
  }

  processOf(row: number): Process | null {
    return this.processes[this.#processOf.at(row)] ?? null;
  }

  linkOf(row: number): Link | null {
    return this.links[this.#linkOf.at(row)] ?? null;
  }

  runOf(row: number): Run | null {
    return this.runs[this.#runOf.at(row)] ?? null;
  }

  itemOf(row: number): Item | null {
    const number = this.itemNumberOf(row);
    return number === null ? null : this.#items.at(number);
  }

  itemNumberOf(row: number): number | null {
    return orNull(this.#itemOf.at(row));
  }

  /** Rows of the item's events from its birth on: the reads that tried, and what ended its wait. */
  rowsOfItem(number: number): number[] {
    const rows: number[] = [];
    for (let row = this.#items.born(number); row !== NONE; row = this.#nextOfItem.at(row)) rows.push(row);
    return rows;
  }

  /** The items of a link that wait at some moment between two rows, oldest first. */
  itemsBetween(link: Link, from: number, to: number): Item[] {
    const found: Item[] = [];
    const before = link.events.lowerBound(from) - 1;
    let missing = before < 0 ? 0 : this.depth(link.events.at(before));
    for (let index = this.#itemsBornBefore(link, to); index-- > 0; ) {
      const item = this.item(link.items.at(index));
      const early = item.born < from;
      if (early && missing === 0) break;
      if (item.gone !== null && item.gone < from) continue;
      if (early) missing--;
      found.push(item);
    }
    return found.reverse();
  }

  #itemsBornBefore(link: Link, row: number): number {
    let low = 0;
    let high = link.items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#items.born(link.items.at(middle)) <= row) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  item(number: number): Item {
    return this.#items.at(number);
  }

  get itemCount(): number {
    return this.#items.length;
  }

  /** The other end of a call: enter and write, the poll that blocked and the poll that answered. */
  partner(row: number): number | null {
    return orNull(this.#calls.partner(row));
  }

  /** For a poll that blocked: the row of the wake that ended it, if one did. */
  wakeOf(row: number): number | null {
    return orNull(this.#calls.wake(row));
  }

  #process(event: KernelEvent, row: number): Process {
    const known = this.#byTgid.get(event.tgid);
    if (known) {
      if (event.type === "exec") known.execs.push(row);
      known.comm = event.comm;
      return known;
    }
    return this.#newProcess(event.tgid, event.comm, null, null, row);
  }

  #newProcess(pid: number, comm: string, parent: Process | null, run: Run | null, row: number): Process {
    const ordinal = this.processes.length;
    const events = words32();
    const process: Process = { ordinal, pid, comm, parent, run, first: row, execs: [], exit: null, events };
    this.processes.push(process);
    this.#byTgid.set(pid, process);
    run?.processes.push(process);
    return process;
  }

  #fork(event: KernelEvent, parent: Process | null, row: number): Process | null {
    if (event.flags & EVF_THREAD) return null;
    const run = parent?.run ?? this.#newRun(null);
    this.#alive(run, 1);
    return this.#newProcess(event.value, event.comm, parent, run, row);
  }

  #link(event: KernelEvent, process: Process | null, row: number): Link {
    const known = this.#byLinkId.get(event.link);
    if (known) return known;
    const run = process?.run ?? this.#runForElder(process);
    const link: Link = {
      ordinal: this.links.length,
      id: event.link,
      kind: event.type === "create" ? text.decode(event.payload) : "",
      first: row,
      run,
      creator: process,
      hangup: null,
      release: null,
      events: words32(),
      items: words32(),
      rows: 0,
      peakItems: 0,
      peakBytes: 0,
      depths: new Peaks(),
      limits: limitsOf(event),
    };
    this.#alive(run, 1);
    run.links.push(link);
    this.links.push(link);
    this.#byLinkId.set(event.link, link);
    this.#waiting.set(link, new Waiting());
    return link;
  }

  /** Links that one elder (the agent, a shell from before) holds at the same time share a run. */
  #runForElder(process: Process | null): Run {
    const open = process ? this.#runOfElder.get(process) : undefined;
    if (open && open.alive > 0) return open;
    const run = this.#newRun(process);
    if (process) this.#runOfElder.set(process, run);
    return run;
  }

  #alive(run: Run, by: 1 | -1): void {
    run.alive += by;
    this.whole.alive += by;
  }

  #newRun(root: Process | null): Run {
    const rows = words32();
    this.#rowsOfRun.push(rows);
    const run = newRun(this.runs.length, root, rows);
    this.runs.push(run);
    return run;
  }

  #item(event: KernelEvent, link: Link, row: number): number {
    link.depths.push(event.items);
    link.peakItems = Math.max(link.peakItems, event.items);
    link.peakBytes = Math.max(link.peakBytes, event.bytes);
    const waiting = this.#waiting.get(link);
    if (event.item === 0 || !waiting) return NONE;
    if (event.type === "queue" || event.type === "post") {
      return this.#born(event, link, waiting, row);
    }
    const number = waiting.find(event.item);
    if (number !== undefined && takesItem(event)) this.#gone(number, waiting, row);
    return number ?? NONE;
  }

  #chain(item: number, row: number): void {
    this.#itemOf.push(item);
    this.#nextOfItem.push(NONE);
    if (item === NONE) return;
    const before = this.#items.seen(item, row);
    if (before !== row) this.#nextOfItem.set(before, row);
  }

  #born(event: KernelEvent, link: Link, waiting: Waiting, row: number): number {
    const ahead = event.type === "post" && waiting.hasQueued;
    const slot = waiting.takeSlot();
    const cause = this.#calls.openEnter(event);
    const number = this.#items.push(event.item, link.ordinal, row, cause, slot, ahead);
    waiting.add(event.item, number, event.type === "queue");
    link.items.push(number);
    link.rows = Math.max(link.rows, slot + 1);
    return number;
  }

  #gone(number: number, waiting: Waiting, row: number): void {
    this.#items.end(number, row);
    waiting.remove(this.#items.at(number));
  }

  #end(event: KernelEvent, process: Process | null, link: Link | null, row: number): void {
    if (event.type === "overflow") this.#lost += event.value;
    if (event.type === "hangup" && link) link.hangup = row;
    if (event.type === "release" && link && link.release === null) this.#release(link, row);
    if (event.type === "exit" && process && event.pid === event.tgid && process.exit === null) {
      process.exit = row;
      if (process.run) this.#alive(process.run, -1);
    }
  }

  #release(link: Link, row: number): void {
    const waiting = this.#waiting.get(link);
    for (const number of waiting?.all() ?? []) this.#items.end(number, row);
    this.#waiting.delete(link);
    link.release = row;
    this.#alive(link.run, -1);
  }
}

/** A create says what the queue may hold; kernels before that did not, and left these fields 0. */
function limitsOf({ type, value, result }: KernelEvent): Limits | null {
  return type === "create" && value > 0 && result !== 0 ? { items: value, bytes: result >>> 0 } : null;
}

/** The rows of all events: each is its own. */
class AllRows implements Rows {
  readonly #flow: { readonly length: number };

  constructor(flow: { readonly length: number }) {
    this.#flow = flow;
  }

  get length(): number {
    return this.#flow.length;
  }

  at(row: number): number {
    return row;
  }

  lowerBound(row: number): number {
    return Math.min(Math.max(0, row), this.length);
  }
}

/** DDLINK_EVF_THREAD of the uapi header. */
const EVF_THREAD = 0x0008;

function takesItem(event: KernelEvent): boolean {
  return (event.type === "read" && event.result > 0) || event.type === "drop";
}
