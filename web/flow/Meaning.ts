// SPDX-License-Identifier: MIT
// One event in words: what happened and how it went. The picture's marks, the table and the inspector agree
// because they all ask here.

import { errnoName } from "../bridge/errno.ts";
import type { KernelEvent } from "../bridge/KernelEvent.ts";
import { POLLERR, POLLHUP, POLLIN, POLLOUT } from "./Calls.ts";

/** How an event went; each has a mark of its own by shape and colour. */
export type Outcome =
  | "ok"
  | "empty"
  | "too-small"
  | "fault"
  | "full"
  | "refused"
  | "waits"
  | "dropped"
  | "hangup"
  | "lost";

export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  ok: "done",
  empty: "empty read",
  "too-small": "EIO: buffer too small, the item stays",
  fault: "EFAULT: bad buffer, the item stays",
  full: "ENOBUFS: queue full",
  refused: "refused with an error",
  waits: "poll that waits",
  dropped: "item dropped",
  hangup: "hang-up",
  lost: "events lost",
};

const BY_ERRNO: Readonly<Record<string, Outcome>> = { EIO: "too-small", EFAULT: "fault", ENOBUFS: "full" };

/** What `outcomeOf` needs of an event. */
export type Answer = Pick<KernelEvent, "type" | "value" | "result">;

const TROUBLE: ReadonlySet<string> = new Set([
  ...["too-small", "fault", "full", "refused", "dropped", "hangup", "lost"],
]);

export function isTrouble(outcome: string): boolean {
  return TROUBLE.has(outcome);
}

export function outcomeOf(event: Answer): Outcome {
  switch (event.type) {
    case "overflow":
      return "lost";
    case "drop":
      return "dropped";
    case "hangup":
      return "hangup";
    case "poll":
      return pollAnswers(event.value) ? "ok" : "waits";
    case "read":
      if (event.result === 0) return "empty";
      return event.result > 0 ? "ok" : (BY_ERRNO[errnoName(-event.result)] ?? "refused");
    case "write":
    case "ioctl":
      return event.result >= 0 ? "ok" : writeOutcome(event.result);
    default:
      return "ok";
  }
}

function writeOutcome(result: number): Outcome {
  const name = errnoName(-result);
  return name === "EFAULT" ? "fault" : name === "ENOBUFS" ? "full" : "refused";
}

/** Would a reader stop waiting for this answer? */
export function pollAnswers(mask: number): boolean {
  return (mask & (POLLIN | POLLHUP | POLLERR)) !== 0;
}

/** "IN OUT", as poll(2) names the bits. */
export function pollWords(mask: number): string {
  const bits: [number, string][] = [
    [POLLIN, "IN"],
    [POLLOUT, "OUT"],
    [POLLERR, "ERR"],
    [POLLHUP, "HUP"],
  ];
  const words = bits.filter(([bit]) => mask & bit).map(([, word]) => word);
  return words.length > 0 ? words.join(" ") : "nothing";
}

/** What a call returned, as a program sees it: "5", "0", "EIO"; empty for what returns nothing. */
export function resultWords(event: KernelEvent): string {
  switch (event.type) {
    case "read":
    case "write":
    case "ioctl":
      return event.result < 0 ? errnoName(-event.result) : String(event.result);
    case "poll":
    case "wake":
      return pollWords(event.value);
    case "exit":
      return exitWords(event.result);
    case "fork":
      return String(event.value);
    default:
      return "";
  }
}

/** The status of wait(2): a code, or the signal that killed it. */
export function exitWords(status: number): string {
  const signal = status & 0x7f;
  return signal === 0 ? String((status >> 8) & 0xff) : `signal ${signal}`;
}

const DROP_REASONS: Readonly<Record<number, string>> = {
  1: "an error text that nobody read, dropped as the next command begins",
  2: "the queue was full",
  3: "the link was closed already",
  4: "no memory",
};

/** One plain sentence without its subject: "read the item: 5 bytes". */
export function sentence(event: KernelEvent): string {
  const size = bytesWords(event.len);
  switch (event.type) {
    case "overflow":
      return `${event.value} events were lost here: nobody read the monitor in time`;
    case "create":
      return "makes the link";
    case "enter":
      return `hands a message of ${size} to the handler`;
    case "write":
      return event.result < 0
        ? `write is refused: ${resultWords(event)}`
        : `write returns ${event.result}: the handler has run`;
    case "queue":
      return `the handler queues an item of ${size}`;
    case "post":
      return `the handler posts an item of ${size}`;
    case "drop":
      return `an item of ${size} is dropped: ${DROP_REASONS[event.value] ?? `reason ${event.value}`}`;
    case "read":
      return readSentence(event);
    case "poll":
      return pollAnswers(event.value)
        ? `poll answers ${pollWords(event.value)}`
        : `poll finds no item (${pollWords(event.value)})`;
    case "wake":
      return `the link wakes who waits: ${pollWords(event.value)}`;
    case "ioctl":
      return `ioctl 0x${event.value.toString(16)} returns ${resultWords(event)}`;
    case "hangup":
      return "the kernel side is gone";
    case "release":
      return event.items > 0 ? `last close, ${event.items} unread items are freed` : "last close";
    case "fork":
      return `forks process ${event.value}`;
    case "exec":
      return `becomes ${event.comm}`;
    case "exit":
      return `exits with ${exitWords(event.result)}`;
  }
}

function readSentence(event: KernelEvent): string {
  if (event.result > 0) return `reads one item of ${bytesWords(event.result)}`;
  if (event.result === 0) return "reads nothing: the queue is empty";
  const name = errnoName(-event.result);
  if (name === "EIO")
    return `read fails with EIO: a buffer of ${bytesWords(event.value)} is too small, the item stays`;
  if (name === "EFAULT") return "read fails with EFAULT: the buffer is not writable, the item stays";
  return `read fails with ${name}`;
}

export function itemsWords(count: number): string {
  return count === 1 ? "1 item" : `${count} items`;
}

export function bytesWords(count: number): string {
  return count === 1 ? "1 byte" : `${count} bytes`;
}

/** A size that somebody has set: whole MiB or KiB where it is that. */
export function sizeWords(bytes: number): string {
  for (const [size, name] of SIZES) if (bytes >= size && bytes % size === 0) return `${bytes / size} ${name}`;
  return bytesWords(bytes);
}

const SIZES: readonly (readonly [bytes: number, name: string])[] = [
  [1 << 20, "MiB"],
  [1 << 10, "KiB"],
];

/** A duration for people: "812 ns", "3.1 µs", "45 ms", "1.2 s". */
export function durationWords(ns: number): string {
  if (ns < 1e3) return `${Math.round(ns)} ns`;
  if (ns < 1e6) return `${threeDigits(ns / 1e3)} µs`;
  if (ns < 1e9) return `${threeDigits(ns / 1e6)} ms`;
  return `${threeDigits(ns / 1e9)} s`;
}

/** A moment, with as many digits as tell it from one that is so far away. */
export function momentWords(ns: number, apartNs: number): string {
  if (ns === 0) return "0";
  const [unit, name] = UNITS.find(([size]) => ns < 1000 * size) ?? [1e9, "s"];
  const needed = apartNs > 0 ? Math.ceil(Math.log10(unit / apartNs)) : 0;
  const usual = 2 - Math.floor(Math.log10(Math.max(1, ns / unit)));
  return `+${(ns / unit).toFixed(unit === 1 ? 0 : Math.min(9, Math.max(0, usual, needed)))} ${name}`;
}

const UNITS: readonly (readonly [ns: number, name: string])[] = [
  [1, "ns"],
  [1e3, "µs"],
  [1e6, "ms"],
  [1e9, "s"],
];

function threeDigits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** Payload as text on one line; what is not printable shows as a dot in the middle. */
export function payloadText(payload: Uint8Array): string {
  const decoded = new TextDecoder().decode(payload);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
  return decoded.replace(/[\u0000-\u001f\u007f-\u009f\ufffd]/g, "·");
}
