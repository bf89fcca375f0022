// SPDX-License-Identifier: MIT
// How a person looks at a flow: the filter in force and two marked moments. What the flow itself is, the lab knows.

import { type ReadonlySignal, signal } from "@preact/signals-core";
import { grouped } from "../base/grouped.ts";
import type { Flow } from "../flow/Flow.ts";
import type { Occurring } from "../flow/filter/complete.ts";
import type { Filter } from "../flow/filter/Filter.ts";
import { Matches } from "../flow/filter/Matches.ts";
import type { Run } from "../flow/Lives.ts";
import { durationWords } from "../flow/Meaning.ts";
import type { Marker } from "../view/picture/FlowPicture.ts";

/** Two that a person sets, and where two runs part. */
export type MarkName = "A" | "B" | "≠";

export interface Look {
  /** As it was typed; "" when there is none. */
  readonly filter: string;
  /** Null without a filter. */
  readonly matching: Matches | null;
  readonly markers: readonly Marker[];
}

const NOTHING: Look = { filter: "", matching: null, markers: [] };
/** So many events are asked within a frame. */
const LARGE_EVENTS = 50_000;
/** Between two letters of one word there is less. */
const PAUSE_MS = 200;
/** Guest instructions per nanosecond of guest time while the guest is not idle: 200 per microsecond. */
const INSTRUCTIONS_PER_NS = 0.2;

export class Looking {
  readonly #state = signal<Look>(NOTHING);
  #flow: Flow | null = null;
  #filter: Filter = { kind: "all" };
  #later: ReturnType<typeof setTimeout> | undefined;

  get state(): ReadonlySignal<Look> {
    return this.#state;
  }

  /** The filter in force. */
  get current(): Filter {
    return this.#filter;
  }

  /** Takes in what the flow has gained; another flow has other rows, and so no markers of the last one. */
  follow(flow: Flow): void {
    if (flow === this.#flow) {
      this.#state.peek().matching?.update();
      return;
    }
    this.#flow = flow;
    this.#change({ markers: [], matching: this.#matches() });
  }

  /** Of a large flow the matches come when the typing pauses: asking all of it for every letter would hold that up. */
  filter(text: string, filter: Filter): void {
    this.#filter = filter;
    clearTimeout(this.#later);
    this.#change({ filter: text });
    const match = () => this.#change({ matching: this.#matches() });
    if (filter.kind === "all" || (this.#flow?.length ?? 0) < LARGE_EVENTS) match();
    else this.#later = setTimeout(match, PAUSE_MS);
  }

  mark(name: MarkName, row: number): void {
    const others = this.#state.peek().markers.filter((marker) => marker.name !== name);
    this.#change({ markers: [...others, { name, row }].sort((a, b) => a.name.localeCompare(b.name)) });
  }

  clearMarkers(): void {
    this.#change({ markers: [] });
  }

  marked(name: MarkName): number | null {
    return this.#state.peek().markers.find((marker) => marker.name === name)?.row ?? null;
  }

  #matches(): Matches | null {
    return this.#filter.kind === "all" || !this.#flow ? null : new Matches(this.#flow, this.#filter);
  }

  #change(change: Partial<Look>): void {
    this.#state.value = { ...this.#state.peek(), ...change };
  }
}

/** "3 of 41 events" of the run that is shown, and how many the others have. */
export function matchWords({ matching }: Look, run: Run | null): string {
  if (!matching || !run) return "";
  const here = matching.countIn(run.events);
  const elsewhere = matching.count - here;
  return `${here} of ${run.events.length} events${elsewhere > 0 ? `, ${elsewhere} elsewhere` : ""}`;
}

/**
 * What lies between the two markers. Guest time is executed instructions and idle time, so time bounds instructions:
 * `emulated` says that the flow comes from a guest of which that is known.
 */
export function betweenMarkers(flow: Flow, { markers }: Look, emulated: boolean): string {
  const [a, b] = markers.filter(({ name }) => name !== "≠");
  if (!a) return "";
  if (!b) return `${a.name} at event ${flow.log.seq(a.row)}`;
  const ns = Math.abs(flow.timeNs(b.row) - flow.timeNs(a.row));
  const most = grouped(Math.floor(ns * INSTRUCTIONS_PER_NS));
  const events = Math.abs(b.row - a.row);
  const parts = [`${durationWords(ns)} from ${a.row <= b.row ? "A to B" : "B to A"}`];
  if (emulated) parts.push(`at most ${most} instructions`);
  return [...parts, events === 1 ? "1 event on" : `${events} events on`].join(", ");
}

/** What completion offers: a look at the lives, not at every event. */
export function occurringIn(flow: Flow): Occurring {
  const { links, processes } = flow;
  return {
    link: [...new Set(links.map(({ id }) => id))],
    pid: [...new Set(processes.map(({ pid }) => pid))],
    comm: [...new Set(processes.map(({ comm }) => comm).filter((comm) => comm !== ""))],
    kind: [...new Set(links.map(({ kind }) => kind).filter((kind) => kind !== ""))],
  };
}
