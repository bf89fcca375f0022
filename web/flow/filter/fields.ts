// SPDX-License-Identifier: MIT
// The fields that a filter can ask for. Parser, completion and help draw on this one table.

import { ERRNO_NAMES } from "../../bridge/errno.ts";
import { KERNEL_EVENT_TYPES } from "../../bridge/KernelEvent.ts";
import { OUTCOME_WORDS } from "../Meaning.ts";

export type FieldName =
  | "link"
  | "item"
  | "op"
  | "errno"
  | "is"
  | "flag"
  | "size"
  | "result"
  | "queue"
  | "bytes"
  | "pid"
  | "comm"
  | "kind"
  | "time"
  | "wait"
  | "event";

export type FieldKind = "number" | "duration" | "name" | "text";

export interface Field {
  readonly name: FieldName;
  readonly kind: FieldKind;
  /** What it stands for, in a few words. */
  readonly says: string;
  /** For help and completion. */
  readonly example: string;
  /** All values of a field of names, with what each means. */
  readonly names?: Readonly<Record<string, string>>;
}

/** Bits of the event's flags by their name in a filter. */
export const FLAGS: Readonly<Record<string, { readonly bit: number; readonly says: string }>> = {
  text: { bit: 0x0001, says: "the item is an error text" },
  truncated: { bit: 0x0002, says: "the monitor carried only its beginning" },
  hidden: { bit: 0x0004, says: "payload withheld by the kernel" },
  thread: { bit: 0x0008, says: "a fork that made a thread" },
  nonblock: { bit: 0x0010, says: "the call would not have waited" },
};

const OPS: Readonly<Record<string, string>> = {
  create: "a link is made",
  enter: "a message goes to the handler",
  write: "a write returned",
  queue: "an item was queued",
  post: "an item was put ahead",
  read: "a read returned",
  poll: "a poll answered",
  wake: "waiters are woken",
  drop: "an item was thrown away",
  ioctl: "an ioctl returned",
  hangup: "the kernel side is gone",
  release: "last close",
  fork: "a process forked",
  exec: "a program began",
  exit: "a process ended",
  overflow: "events were lost",
};

export const FIELDS: readonly Field[] = [
  {
    name: "op",
    kind: "name",
    says: "what happened",
    example: "op:read",
    names: named(KERNEL_EVENT_TYPES, OPS),
  },
  { name: "link", kind: "number", says: "id of the link", example: "link:3" },
  { name: "item", kind: "number", says: "number of the item on its link", example: "item:1" },
  { name: "errno", kind: "name", says: "the error a call returned", example: "errno:EIO", names: errnos() },
  { name: "is", kind: "name", says: "how it went", example: "is:trouble", names: outcomes() },
  { name: "size", kind: "number", says: "bytes of the message or item", example: "size>100" },
  { name: "result", kind: "number", says: "what the call returned", example: "result:0" },
  { name: "queue", kind: "number", says: "items queued after it", example: "queue>=3" },
  { name: "bytes", kind: "number", says: "bytes queued after it", example: "bytes>4k" },
  { name: "pid", kind: "number", says: "process", example: "pid:41" },
  { name: "comm", kind: "text", says: "name of the process", example: "comm:ddtest" },
  { name: "kind", kind: "text", says: "kind of the link", example: "kind:tux3" },
  { name: "time", kind: "duration", says: "since the run began", example: "time<1ms" },
  { name: "wait", kind: "duration", says: "how long the item waited that ends here", example: "wait>50us" },
  { name: "flag", kind: "name", says: "a flag of the event", example: "flag:text", names: flags() },
  { name: "event", kind: "number", says: "number of the event", example: "event:12" },
];

const BY_NAME = new Map(FIELDS.map((field) => [field.name as string, field]));

export function fieldNamed(name: string): Field | undefined {
  return BY_NAME.get(name.toLowerCase());
}

function named(names: readonly string[], says: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, says[name] ?? ""]));
}

function errnos(): Record<string, string> {
  return { any: "any error", ...named(ERRNO_NAMES, {}) };
}

function outcomes(): Record<string, string> {
  return { trouble: "anything that went wrong", ...OUTCOME_WORDS };
}

function flags(): Record<string, string> {
  return Object.fromEntries(Object.entries(FLAGS).map(([name, { says }]) => [name, says]));
}
