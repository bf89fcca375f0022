// SPDX-License-Identifier: MIT
// The part of Chrome's Trace Event Format that is written here, by its public description
// ("Trace Event Format" of the Chromium project): one schema per phase. Perfetto and chrome://tracing read it.

import * as v from "valibot";

const id = v.pipe(v.number(), v.integer(), v.minValue(0));
/** Microseconds; fractions are nanoseconds. */
const micros = v.pipe(v.number(), v.finite(), v.minValue(0));
const text = v.pipe(v.string(), v.nonEmpty());
const args = v.record(v.string(), v.union([v.string(), v.number()]));
const lane = { pid: id, tid: id };
const timed = { name: text, cat: text, ts: micros, ...lane };

/** A complete event: a slice on a thread's track. */
const Complete = v.strictObject({ ph: v.literal("X"), ...timed, dur: micros, args });
/** An instant event; its scope is the thread. */
const Instant = v.strictObject({ ph: v.literal("i"), ...timed, s: v.literal("t"), args });
/** A counter: one series per argument. */
const Counter = v.strictObject({
  ph: v.literal("C"),
  name: text,
  cat: text,
  ts: micros,
  pid: id,
  args: v.record(v.string(), v.number()),
});
/** Begin and end of a nestable asynchronous event; both have category, id and scope in common. */
const Asynchronous = v.strictObject({ ph: v.picklist(["b", "e"]), ...timed, id: text, args });
/** An arrow from the slice around its start to the slice that follows its end. */
const FlowStart = v.strictObject({ ph: v.literal("s"), ...timed, id: text });
const FlowEnd = v.strictObject({ ph: v.literal("f"), ...timed, id: text });
const Metadata = v.variant("name", [
  v.strictObject({
    ph: v.literal("M"),
    name: v.literal("process_name"),
    pid: id,
    args: v.strictObject({ name: text }),
  }),
  v.strictObject({
    ph: v.literal("M"),
    name: v.literal("thread_name"),
    ...lane,
    args: v.strictObject({ name: text }),
  }),
  v.strictObject({
    ph: v.literal("M"),
    name: v.literal("process_sort_index"),
    pid: id,
    args: v.strictObject({ sort_index: v.number() }),
  }),
]);

export const TraceEventSchema = v.union([
  Complete,
  Instant,
  Counter,
  Asynchronous,
  FlowStart,
  FlowEnd,
  Metadata,
]);

/** The JSON object format of a trace file. */
export const TraceFileSchema = v.strictObject({
  traceEvents: v.array(TraceEventSchema),
  displayTimeUnit: v.picklist(["ms", "ns"]),
  otherData: v.record(v.string(), v.string()),
});

export type TraceEvent = v.InferOutput<typeof TraceEventSchema>;
export type TraceFile = v.InferOutput<typeof TraceFileSchema>;
