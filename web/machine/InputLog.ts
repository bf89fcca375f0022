// SPDX-License-Identifier: MIT
/**
 * Everything that reached a machine from outside. With the start it is enough to run the machine again, bit by bit.
 * Time is the tick (one slice of the emulator) and the idle milliseconds skipped until then, because a live machine
 * that sleeps may be woken early: how early is an input too.
 */
import * as v from "valibot";

const Moment = {
  tick: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  idleMs: v.pipe(v.number(), v.finite(), v.minValue(0)),
};

const InputEntrySchema = v.variant("kind", [
  v.object({
    ...Moment,
    kind: v.literal("bytes"),
    port: v.picklist(["console", "bridge"]),
    bytes: v.instance(Uint8Array),
  }),
  v.object({ ...Moment, kind: v.literal("checkpoint") }),
]);

export const InputLogSchema = v.object({
  entries: v.array(InputEntrySchema),
  end: v.object(Moment),
});

export type InputEntry = v.InferOutput<typeof InputEntrySchema>;
/** Serialise with structured clone, or map `bytes` yourself. */
export type InputLog = v.InferOutput<typeof InputLogSchema>;
