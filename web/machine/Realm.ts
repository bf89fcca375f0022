// SPDX-License-Identifier: MIT
/**
 * The globals of this realm through which time and chance reach v86's device models. They are virtual only while
 * `insideGuest` runs, so that everything else in the realm keeps the real ones.
 *
 * This module must be evaluated before v86: v86 binds performance.now when it is imported.
 */
export interface GuestSenses {
  /** Virtual milliseconds since power-on. */
  nowMs(): number;
  readonly epochMs: number;
  /** In [0, 1). */
  random(): number;
}

const RealDate = Date;
const realNow = performance.now.bind(performance);
const realRandom = Math.random;
let guest: GuestSenses | undefined;

/** Real milliseconds, whatever the guest believes. */
export const hostNow = realNow;

export function insideGuest<T>(senses: GuestSenses, run: () => T): T {
  const outer = guest;
  guest = senses;
  try {
    return run();
  } finally {
    guest = outer;
  }
}

/** For what the guest causes and must not see: real time and chance again, in the middle of it. */
export function outsideGuest(run: () => void): void {
  const inner = guest;
  guest = undefined;
  try {
    run();
  } finally {
    guest = inner;
  }
}

function wallClock(): number {
  return guest ? guest.epochMs + guest.nowMs() : RealDate.now();
}

/** `new Date()` and `Date()` read the clock; every other use of Date passes through. */
const VirtualDate = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 && guest ? [wallClock()] : args, newTarget),
  apply: () => new RealDate(wallClock()).toString(),
  get: (target, key, receiver) => (key === "now" ? wallClock : Reflect.get(target, key, receiver)),
});

function install(): void {
  performance.now = () => (guest ? guest.nowMs() : realNow());
  Math.random = () => (guest ? guest.random() : realRandom());
  globalThis.Date = VirtualDate;
  // Seen by v86 at import, in a worker only: it would start a nested worker from a blob: URL for a timer that
  // our loop never uses, and a strict Content-Security-Policy forbids it.
  if (typeof window === "undefined" && "Worker" in globalThis) Reflect.set(globalThis, "Worker", undefined);
}

/** v86 makes an Error when it is evaluated: for the lines of its stack V8 would parse all of v86 once more. */
const stackLines = Error.stackTraceLimit;
Error.stackTraceLimit = 0;

/** To be called once v86 has been evaluated. */
export function traceErrors(): void {
  Error.stackTraceLimit = stackLines;
}

install();
