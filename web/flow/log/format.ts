// SPDX-License-Identifier: MIT
// A saved event log. The whole file is one JSON array, and each of its elements has a line of its own, so that it can
// be written and read in pieces however large it is:
//
//     [{"format":"ddlab-events","version":1,"events":2},
//     ["fork",0,1,1000,0,0,0,41,0,0,0,30,30,"agent",""],
//     ["exec",0,2,3000,0,0,0,0,11,0,0,41,41,"ddtest","/bin/ddtest"]
//     ]
//
// First the header, then an event a line, its fields in the order of EventSchema; payload as a text of characters 0 to 255,
// one a byte. The line "cut" stands where the monitor began anew, and what was alive before is unknown.
// A version is raised when an older reader would misread the file; older versions stay readable.

import * as v from "valibot";
import { KERNEL_EVENT_TYPES, type KernelEvent } from "../../bridge/KernelEvent.ts";

export const FORMAT = "ddlab-events";
export const VERSION = 1;
export const CUT = "cut";

/** A file and a number of events that a page can still hold. */
export const BYTES_MAX = 384 << 20;
export const EVENTS_MAX = 2_000_000;
/** Longer than any event: 4096 bytes of payload, each written as \u00XX at worst. */
export const LINE_MAX = 32 << 10;

const PAYLOAD_MAX = 4096;
const COMM_MAX = 64;
const U16_MAX = 0xffff;
const U32_MAX = 0xffff_ffff;
const S32_MAX = 0x7fff_ffff;

function integer(from: number, to: number) {
  return v.pipe(v.number(), v.safeInteger(), v.minValue(from), v.maxValue(to));
}
const count = integer(0, Number.MAX_SAFE_INTEGER);
const unsigned = integer(0, U32_MAX);
const signed = integer(-S32_MAX - 1, S32_MAX);

export const HeaderSchema = v.object({
  format: v.literal(FORMAT),
  version: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  events: integer(0, EVENTS_MAX),
});

export const EventSchema = v.strictTuple([
  v.picklist(KERNEL_EVENT_TYPES),
  integer(0, U16_MAX),
  count,
  count,
  count,
  count,
  signed,
  unsigned,
  unsigned,
  unsigned,
  unsigned,
  signed,
  signed,
  v.pipe(v.string(), v.maxLength(COMM_MAX)),
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a character stands for a byte of any value
  v.pipe(v.string(), v.maxLength(PAYLOAD_MAX), v.regex(/^[\u0000-\u00ff]*$/)),
]);

export type Fields = v.InferOutput<typeof EventSchema>;

/** The payload as its text. */
export function textOf(payload: Uint8Array): string {
  let text = "";
  for (const byte of payload) text += String.fromCharCode(byte);
  return text;
}

export function eventOf(fields: Fields): KernelEvent {
  const [type, flags, seq, timeNs, link, item, result, value, len, items, bytes, pid, tgid, comm, text] =
    fields;
  const payload = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) payload[at] = text.charCodeAt(at);
  return { type, flags, seq, timeNs, link, item, result, value, len, items, bytes, pid, tgid, comm, payload };
}
