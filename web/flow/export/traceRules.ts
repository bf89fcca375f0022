// SPDX-License-Identifier: MIT
// For tests only: the rules that the description of the Chrome trace format sets beside the shape of single events, read
// as Perfetto's importer does: events in the order of their time in whole nanoseconds, those of one time in the order of
// the file; slices of a thread on a stack; an arrow begins at the slice on top of it and ends at the next that begins.

import type { TraceEvent, TraceFile } from "./TraceEvent.ts";

type Slice = Extract<TraceEvent, { ph: "X" }>;
type Timed = Exclude<TraceEvent, { ph: "M" }>;
type Threaded = Exclude<Timed, { ph: "C" }>;

export interface Arrow {
  readonly from: Slice;
  readonly to: Slice;
}

/** Sentences, each a rule that is broken; and the arrows as they will be drawn. */
export function readTrace(trace: TraceFile): { broken: string[]; arrows: Arrow[] } {
  const reading = new Reading();
  reading.names(trace.traceEvents);
  for (const event of inOrder(trace.traceEvents)) reading.take(event);
  reading.end();
  return reading;
}

/** Readers cut microseconds to whole nanoseconds. */
const nanos = (micros: number) => Math.trunc(micros * 1000);
const endOf = ({ ts, dur }: Slice) => nanos(ts) + nanos(dur);
const trackOf = ({ pid, tid }: { readonly pid: number; readonly tid: number }) => `${pid}/${tid}`;
const U32_MAX = 2 ** 32 - 1;

function inOrder(events: readonly TraceEvent[]): Timed[] {
  const timed = events.filter((event): event is Timed => event.ph !== "M");
  return timed.sort((a, b) => nanos(a.ts) - nanos(b.ts));
}

class Reading {
  readonly broken: string[] = [];
  readonly arrows: Arrow[] = [];
  readonly #processes = new Set<number>();
  /** The process of each thread. */
  readonly #threads = new Map<number, number>();
  readonly #stacks = new Map<string, Slice[]>();
  /** Items by what names them, and arrows that wait for their end, or for the slice that it points at. */
  readonly #waits = new Map<string, Timed>();
  readonly #begun = new Map<string, Slice>();
  readonly #ended = new Map<string, Slice[]>();
  readonly #used = new Set<string>();

  names(events: readonly TraceEvent[]): void {
    for (const event of events) {
      if (event.ph !== "M") continue;
      if (event.name === "process_name") this.#processes.add(event.pid);
      if (event.name !== "thread_name") continue;
      if ((this.#threads.get(event.tid) ?? event.pid) !== event.pid)
        this.#breaks(`thread ${event.tid} belongs to two processes`);
      this.#threads.set(event.tid, event.pid);
    }
  }

  take(event: Timed): void {
    if (!this.#processes.has(event.pid)) this.#breaks(`process ${event.pid} has no name`);
    if (event.pid > U32_MAX) this.#breaks(`process ${event.pid} is no number of 32 bits`);
    if (event.ph === "C") this.#counter(event);
    else this.#onThread(event);
  }

  end(): void {
    for (const key of this.#waits.keys()) this.#breaks(`${key} has no end`);
    for (const key of this.#begun.keys()) this.#breaks(`arrow ${key} has no end`);
    for (const track of this.#ended.keys()) this.#breaks(`an arrow on ${track} points at no slice`);
  }

  #onThread(event: Threaded): void {
    if (this.#threads.get(event.tid) !== event.pid) this.#breaks(`thread ${trackOf(event)} has no name`);
    if (event.tid > U32_MAX) this.#breaks(`thread ${event.tid} is no number of 32 bits`);
    if ("id" in event && !/^0x[0-9a-f]{1,16}$/.test(event.id)) this.#breaks(`id ${event.id} is no number`);
    if (event.ph === "X") this.#slice(event);
    else if (event.ph === "b") this.#waitBegins(event);
    else if (event.ph === "e") this.#waitEnds(event);
    else if (event.ph === "s") this.#arrowBegins(event);
    else if (event.ph === "f") this.#arrowEnds(event);
  }

  #slice(slice: Slice): void {
    const track = trackOf(slice);
    const stack = (this.#stacks.get(track) ?? []).filter((open) => endOf(open) > nanos(slice.ts));
    for (const around of stack)
      if (endOf(slice) > endOf(around))
        this.#breaks(
          `${slice.name} at ${slice.ts} on ${track} begins inside of ${around.name} and ends outside`,
        );
    this.#stacks.set(track, [...stack, slice]);
    for (const from of this.#ended.get(track) ?? []) this.arrows.push({ from, to: slice });
    this.#ended.delete(track);
  }

  #waitBegins(event: Extract<Timed, { ph: "b" | "e" }>): void {
    const key = `${event.cat} ${event.id}`;
    if (this.#waits.has(key)) this.#breaks(`${key} begins twice`);
    this.#waits.set(key, event);
  }

  #waitEnds(event: Extract<Timed, { ph: "b" | "e" }>): void {
    const key = `${event.cat} ${event.id}`;
    const begun = this.#waits.get(key);
    if (!begun) this.#breaks(`${key} ends before it begins`);
    else if (begun.name !== event.name || begun.pid !== event.pid)
      this.#breaks(`${key} ends as something else`);
    this.#waits.delete(key);
  }

  #arrowBegins(event: Extract<Timed, { ph: "s" }>): void {
    const key = `${event.cat} ${event.name} ${event.id}`;
    const from = this.#stacks.get(trackOf(event))?.at(-1);
    if (this.#used.has(key)) this.#breaks(`arrow ${key} begins twice`);
    this.#used.add(key);
    if (!from || endOf(from) < nanos(event.ts)) this.#breaks(`arrow ${key} begins at no slice`);
    else this.#begun.set(key, from);
  }

  #arrowEnds(event: Extract<Timed, { ph: "f" }>): void {
    const key = `${event.cat} ${event.name} ${event.id}`;
    const from = this.#begun.get(key);
    this.#begun.delete(key);
    if (!from) this.#breaks(`arrow ${key} ends before it begins`);
    else this.#ended.set(trackOf(event), [...(this.#ended.get(trackOf(event)) ?? []), from]);
  }

  #counter({ name, args }: Extract<Timed, { ph: "C" }>): void {
    const values = Object.values(args);
    if (values.length === 0 || !values.every(Number.isFinite)) this.#breaks(`counter ${name} counts nothing`);
  }

  #breaks(sentence: string): void {
    this.broken.push(sentence);
  }
}
