// SPDX-License-Identifier: MIT
// Frames from the browser's own trace: when they were presented, which were dropped, and what the page's thread did for
// each.

import * as v from "valibot";

/** The categories that `framesOf` needs. */
export const TRACE_CATEGORIES = [
  "devtools.timeline",
  "disabled-by-default-devtools.timeline",
  "cc",
  "benchmark",
];

const TraceEventSchema = v.looseObject({
  name: v.string(),
  ph: v.string(),
  ts: v.number(),
  pid: v.number(),
  tid: v.number(),
  dur: v.optional(v.number()),
  tdur: v.optional(v.number()),
  id2: v.optional(v.looseObject({ local: v.optional(v.string()) })),
  args: v.optional(v.unknown()),
});
type TraceEvent = v.InferOutput<typeof TraceEventSchema>;

const ReporterSchema = v.looseObject({
  frame_reporter: v.looseObject({
    state: v.string(),
    affects_smoothness: v.boolean(),
    layer_tree_host_id: v.number(),
  }),
});
const ThreadNameSchema = v.looseObject({ name: v.string() });

/** What of a frame is script, style and layout; what happens inside of one of them is counted with it. */
const WORK = [
  "FireAnimationFrame",
  "EventDispatch",
  "TimerFire",
  "RunMicrotasks",
  "UpdateLayoutTree",
  "Layout",
  "PrePaint",
];

/** Microseconds: Chromium without a display makes 60 frames a second. */
const VSYNC = 1e6 / 60;

export interface Frames {
  /**
   * Milliseconds from one frame to the next as a display shows them: each at the first vsync after its swap. Only frames
   * that show what the page's thread did for them.
   */
  readonly seen: readonly number[];
  /** Milliseconds between the ends of two swaps. */
  readonly swaps: readonly number[];
  /** Milliseconds of the thread's own time for script, style and layout, of each frame. */
  readonly work: readonly number[];
  /** Of the frames that were due, the part that was not presented, or not for as long as a vsync. */
  readonly dropped: number;
}

export function framesOf(trace: readonly unknown[]): Frames {
  const events = trace.map((event) => v.parse(TraceEventSchema, event));
  return { ...presented(events), work: workOf(events) };
}

function presented(events: readonly TraceEvent[]): Omit<Frames, "work"> {
  const reports = reportsOf(events);
  const page = mostOften(reports.map((report) => report.layer_tree_host_id));
  const due = reports.filter(
    ({ layer_tree_host_id: host, state }) => host === page && state !== "STATE_NO_UPDATE_DESIRED",
  );
  const lost = due.filter((report) => report.state === "STATE_DROPPED" && report.affects_smoothness);
  const shown = due.filter(({ state }) => state.startsWith("STATE_PRESENTED"));
  const whole = shown.filter(({ state }) => state === "STATE_PRESENTED_ALL");
  const seen = whole.map(({ begin, end }) => begin + Math.ceil((end - begin) / VSYNC) * VSYNC);
  const times = distinct(seen, VSYNC / 2);
  const overtaken = seen.length - times.length;
  return {
    seen: intervalsOf(times),
    swaps: intervalsOf(distinct(shown.map(({ end }) => end))),
    dropped: (lost.length + overtaken) / Math.max(1, due.length),
  };
}

/** Ascending; those nearer to one another than `same` are one. */
function distinct(all: readonly number[], same = 0): number[] {
  const times: number[] = [];
  for (const time of [...all].sort((a, b) => a - b)) {
    const last = times.at(-1);
    if (last === undefined || time - last > same) times.push(time);
  }
  return times;
}

/** Milliseconds between times that are in microseconds. */
function intervalsOf(times: readonly number[]): number[] {
  return times.slice(1).map((time, index) => (time - (times[index] ?? time)) / 1000);
}

type Report = v.InferOutput<typeof ReporterSchema>["frame_reporter"] & {
  readonly begin: number;
  readonly end: number;
};

/** One for each frame. The numbers by which an end finds its beginning are used again. */
function reportsOf(events: readonly TraceEvent[]): Report[] {
  const all = events.filter(({ name }) => name === "PipelineReporter").sort((a, b) => a.ts - b.ts);
  const open = new Map<string, TraceEvent>();
  const reports: Report[] = [];
  for (const event of all) {
    const id = `${event.pid} ${event.id2?.local}`;
    const begun = open.get(id);
    if (event.ph === "b") open.set(id, event);
    else if (event.ph === "e" && begun && open.delete(id))
      reports.push({ ...v.parse(ReporterSchema, begun.args).frame_reporter, begin: begun.ts, end: event.ts });
  }
  return reports;
}

function mostOften(values: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

function workOf(events: readonly TraceEvent[]): number[] {
  const renderers = events
    .filter(
      ({ name, args }) =>
        name === "thread_name" && v.is(ThreadNameSchema, args) && args.name === "CrRendererMain",
    )
    .map(({ pid, tid }) => `${pid} ${tid}`);
  const main = events.filter(({ ph, pid, tid }) => ph === "X" && renderers.includes(`${pid} ${tid}`));
  const frames = main.filter(({ name }) => name === "ProxyMain::BeginMainFrame").sort((a, b) => a.ts - b.ts);
  const work = main.filter(({ name }) => WORK.includes(name)).sort((a, b) => a.ts - b.ts);
  return frames.map(
    (frame) => outermost(work, frame).reduce((sum, { tdur, dur }) => sum + (tdur ?? dur ?? 0), 0) / 1000,
  );
}

/** Those inside of the frame that are inside of no other. `work` in the order of time. */
function outermost(work: readonly TraceEvent[], frame: TraceEvent): TraceEvent[] {
  const end = frame.ts + (frame.dur ?? 0);
  const found: TraceEvent[] = [];
  for (const event of work) {
    const last = found.at(-1);
    const nested = last !== undefined && event.ts < last.ts + (last.dur ?? 0);
    if (event.ts >= frame.ts && event.ts < end && !nested) found.push(event);
  }
  return found;
}
