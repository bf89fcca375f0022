// SPDX-License-Identifier: MIT
// A run as a Chrome trace: a track per process with its life and its calls, a track per link with its handlers, its
// waiting items and its depth, and an arrow from each write to the read that took its item.

import type { KernelEvent } from "../../bridge/KernelEvent.ts";
import type { Flow } from "../Flow.ts";
import type { Item } from "../Items.ts";
import type { Link, Process, Run } from "../Lives.ts";
import { outcomeOf, payloadText, resultWords, sentence } from "../Meaning.ts";
import type { TraceEvent, TraceFile } from "./TraceEvent.ts";

/** All links share a process of their own on the tracks, each as a thread; no task of Linux can have their numbers. */
const LINKS_PID = 2 ** 22 + 1;
const ITEM_COUNTS = 2 ** 32;

export function chromeTrace(flow: Flow, run: Run): TraceFile {
  const trace = new Trace(flow, run);
  return {
    traceEvents: [...trace.names(), ...trace.events()],
    displayTimeUnit: "ns",
    otherData: { source: "ddlab", clock: "CLOCK_MONOTONIC of the guest, from the run's first event" },
  };
}

class Trace {
  readonly #flow: Flow;
  readonly #run: Run;
  readonly #start: number;
  readonly #end: number;

  constructor(flow: Flow, run: Run) {
    this.#flow = flow;
    this.#run = run;
    this.#start = flow.timeNs(run.events.at(0));
    this.#end = flow.timeNs(run.events.at(run.events.length - 1));
  }

  names(): TraceEvent[] {
    const links: TraceEvent[] = this.#run.links.map((link) =>
      threadName(LINKS_PID, laneOf(link).tid, linkName(link)),
    );
    const processes = this.#processes();
    return [
      ...processes.flatMap(({ pid, comm }, index) => [
        ...processName(pid, comm, index),
        threadName(pid, pid, comm),
      ]),
      ...processName(LINKS_PID, "links", processes.length),
      ...links,
    ];
  }

  /** Everybody who did something, he included who only forked the first of them. */
  #processes(): Process[] {
    const { events, processes } = this.#run;
    const acting = Array.from({ length: events.length }, (_, index) =>
      this.#flow.processOf(events.at(index)),
    );
    return [...new Set([...acting, ...processes])].filter((process) => process !== null);
  }

  /** By time, and what surrounds before what it surrounds; an arrow's end before the slice that it points at. */
  events(): TraceEvent[] {
    const { events } = this.#run;
    const calls = Array.from({ length: events.length }, (_, index) => this.#event(events.at(index)));
    const all = [...this.#lives(), ...calls.flat(), ...this.#run.links.flatMap((link) => this.#items(link))];
    return all.sort((a, b) => startOf(a) - startOf(b) || durationOf(b) - durationOf(a));
  }

  #lives(): TraceEvent[] {
    return this.#run.processes.map((process) => {
      const end = process.exit === null ? this.#end : this.#flow.timeNs(process.exit);
      const start = this.#ts(process.first);
      return slice(process.comm, "process", start, this.#micros(end) - start, lane(process), {});
    });
  }

  #event(row: number): TraceEvent[] {
    const event = this.#flow.event(row);
    const process = this.#flow.processOf(row);
    const link = this.#flow.linkOf(row);
    const counted = link ? [this.#depth(row, event, link)] : [];
    if (!process || event.pid === 0) return [...counted, ...(link ? [this.#onLink(row, event, link)] : [])];
    return [...counted, ...this.#byProcess(row, event, process, link)];
  }

  #byProcess(row: number, event: KernelEvent, process: Process, link: Link | null): TraceEvent[] {
    const partner = this.#flow.partner(row);
    switch (event.type) {
      case "enter":
        return this.#write(row, event, process, link);
      case "write":
        return partner === null ? [this.#call("write", row, null, event, process)] : [];
      case "poll":
        return partner !== null && partner < row ? [] : [this.#call("poll", row, partner, event, process)];
      case "read":
        return [...this.#arrowEnd(row, process), this.#call("read", row, null, event, process)];
      case "ioctl":
        return [this.#call("ioctl", row, null, event, process)];
      case "fork":
      case "exec":
      case "exit":
        return [this.#instant(row, event, lane(process))];
      default:
        return link ? [this.#onLink(row, event, link)] : [this.#instant(row, event, lane(process))];
    }
  }

  /** The call on its process, its handler on the link. */
  #write(row: number, event: KernelEvent, process: Process, link: Link | null): TraceEvent[] {
    const partner = this.#flow.partner(row);
    const call = this.#call("write", row, partner, event, process);
    if (!link) return [call];
    return [
      call,
      slice("handler", "handler", startOf(call), durationOf(call), laneOf(link), { message: text(event) }),
    ];
  }

  #call(name: string, row: number, partner: number | null, event: KernelEvent, process: Process): TraceEvent {
    const start = this.#ts(row);
    const end =
      partner === null ? (event.type === "enter" ? this.#micros(this.#end) : start) : this.#ts(partner);
    const answer = partner === null ? event : this.#flow.event(partner);
    const args = {
      link: event.link,
      result: answer.type === "enter" ? "not returned" : resultWords(answer),
      outcome: outcomeOf(answer),
      ...(event.payload.length > 0 ? { message: text(event) } : {}),
    };
    return slice(name, "call", start, end - start, lane(process), args);
  }

  #instant(row: number, event: KernelEvent, at: Lane): TraceEvent {
    return {
      ph: "i",
      s: "t",
      name: event.type,
      cat: "event",
      ts: this.#ts(row),
      ...at,
      args: { says: sentence(event) },
    };
  }

  #onLink(row: number, event: KernelEvent, link: Link): TraceEvent {
    return this.#instant(row, event, laneOf(link));
  }

  #depth(row: number, { type, items, bytes }: KernelEvent, link: Link): TraceEvent {
    const args = type === "release" ? { items: 0, bytes: 0 } : { items, bytes };
    return {
      ph: "C",
      name: `queue of link ${link.id}`,
      cat: "queue",
      ts: this.#ts(row),
      pid: LINKS_PID,
      args,
    };
  }

  #items(link: Link): TraceEvent[] {
    const numbers = Array.from({ length: link.items.length }, (_, index) => link.items.at(index));
    return numbers.flatMap((number) => this.#item(link, this.#flow.item(number)));
  }

  /** Its wait, and the beginning of the arrow to its reader. */
  #item(link: Link, item: Item): TraceEvent[] {
    const born = this.#flow.event(item.born);
    const end = item.gone === null ? this.#micros(this.#end) : this.#ts(item.gone);
    const common = { name: `item ${born.item % ITEM_COUNTS}`, cat: "item", id: idOf(born), ...laneOf(link) };
    const writer = item.cause === null || !this.#isRead(item) ? null : this.#flow.processOf(item.cause);
    const arrow: TraceEvent[] = writer
      ? [{ ph: "s", name: "item", cat: "arrow", id: idOf(born), ts: this.#ts(item.born), ...lane(writer) }]
      : [];
    return [
      { ph: "b", ts: this.#ts(item.born), ...common, args: { item: text(born), bytes: born.len } },
      ...arrow,
      { ph: "e", ts: end, ...common, args: {} },
    ];
  }

  #arrowEnd(row: number, process: Process): TraceEvent[] {
    const item = this.#flow.itemOf(row);
    if (item?.gone !== row || item.cause === null) return [];
    const id = idOf(this.#flow.event(item.born));
    return [{ ph: "f", name: "item", cat: "arrow", id, ts: this.#ts(row), ...lane(process) }];
  }

  #isRead(item: Item): boolean {
    return item.gone !== null && this.#flow.type(item.gone) === "read";
  }

  #ts(row: number): number {
    return this.#micros(this.#flow.timeNs(row));
  }

  #micros(timeNs: number): number {
    return (timeNs - this.#start) / 1000;
  }
}

interface Lane {
  readonly pid: number;
  readonly tid: number;
}

const lane = ({ pid }: Process): Lane => ({ pid, tid: pid });
const laneOf = ({ id }: Link): Lane => ({ pid: LINKS_PID, tid: LINKS_PID + id });
const linkName = ({ id, kind }: Link) => (kind === "" ? `link ${id}` : `link ${id}, ${kind}`);
const idOf = ({ item }: KernelEvent) => `0x${item.toString(16)}`;
const startOf = (event: TraceEvent) => ("ts" in event ? event.ts : 0);
const durationOf = (event: TraceEvent) => (event.ph === "X" ? event.dur : 0);

function text({ payload, len }: KernelEvent): string {
  return payload.length > 0 ? payloadText(payload) : `${len} bytes`;
}

function slice(
  name: string,
  cat: string,
  ts: number,
  dur: number,
  at: Lane,
  args: Record<string, string | number>,
): TraceEvent {
  return { ph: "X", name: name || "process", cat, ts, dur: Math.max(0, dur), ...at, args };
}

function processName(pid: number, name: string, sort_index: number): TraceEvent[] {
  return [
    { ph: "M", name: "process_name", pid, args: { name: name || `process ${pid}` } },
    { ph: "M", name: "process_sort_index", pid, args: { sort_index } },
  ];
}

function threadName(pid: number, tid: number, name: string): TraceEvent {
  return { ph: "M", name: "thread_name", pid, tid, args: { name: name || `thread ${tid}` } };
}
