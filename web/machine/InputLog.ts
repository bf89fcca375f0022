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

const BytesSchema = v.union([
  v.instance(Uint8Array),
  v.pipe(
    v.string(),
    v.base64(),
    v.transform((text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0))),
  ),
]);

const InputEntrySchema = v.variant("kind", [
  /** Fed to a port before the slice numbered `tick` ran. */
  v.object({
    ...Moment,
    kind: v.literal("bytes"),
    port: v.picklist(["console", "bridge"]),
    bytes: BytesSchema,
  }),
  /** A checkpoint was made: the machine went on in a fresh emulator, which the JIT can tell. */
  v.object({ ...Moment, kind: v.literal("checkpoint") }),
]);

const InputLogSchema = v.object({ entries: v.array(InputEntrySchema), end: v.object(Moment) });

export type InputEntry = v.InferOutput<typeof InputEntrySchema>;
export type InputLog = v.InferOutput<typeof InputLogSchema>;

/** As JSON, the bytes in base64. */
export function stringifyInputLog(log: InputLog): string {
  return JSON.stringify(log, (_key, value: unknown) =>
    value instanceof Uint8Array
      ? btoa(Array.from(value, (byte) => String.fromCharCode(byte)).join(""))
      : value,
  );
}

export function parseInputLog(json: string): InputLog {
  return v.parse(InputLogSchema, JSON.parse(json));
}
