// SPDX-License-Identifier: MIT
// The marks: each outcome and each turn of a life has a shape of its own, so that colour is never needed.
// Paths are drawn around 0,0 and fit a square of 12 pixels.

import type { Outcome } from "../../flow/Meaning.ts";

export type MarkName = Outcome | "exec" | "exit" | "killed" | "create" | "release" | "wake";

export const MARK_PATHS: Readonly<Record<MarkName, string>> = {
  ok: "M-3,0a3,3 0 1,0 6,0a3,3 0 1,0 -6,0z",
  empty: "M-4.5,0a4.5,4.5 0 1,0 9,0a4.5,4.5 0 1,0 -9,0z",
  "too-small": "M0,-6L6,5H-6z",
  fault: "M0,-6.5L6.5,0L0,6.5L-6.5,0z",
  full: "M-5,-5H5V5H-5zM-5,-1.5H5M-5,2H5",
  refused: "M-2.5,-6H2.5L6,-2.5V2.5L2.5,6H-2.5L-6,2.5V-2.5zM-3,0H3",
  waits: "M-4,-5.5H4L-4,5.5H4z",
  dropped: "M-5,-5L5,5M5,-5L-5,5",
  hangup: "M-2.5,-6V6M2.5,-6V6",
  lost: "M-2,-7L2,-2.5L-2,2.5L2,7",
  exec: "M-3,-5L3,0L-3,5z",
  exit: "M-4,-4H4V4H-4z",
  killed: "M-4,-4H4V4H-4zM-4,-4L4,4M4,-4L-4,4",
  create: "M0,-5.5V5.5M-5.5,0H5.5",
  release: "M0,-6V6M-4,-6H4M-4,6H4",
  wake: "M0,-6L1.6,-1.6L6,0L1.6,1.6L0,6L-1.6,1.6L-6,0L-1.6,-1.6z",
};

/** The legend, in the order in which a reader meets them. */
export const LEGEND: readonly (readonly [MarkName, string])[] = [
  ["exec", "exec"],
  ["create", "link made"],
  ["ok", "call done"],
  ["too-small", "EIO: buffer too small, the item stays"],
  ["empty", "empty read"],
  ["waits", "poll that waits"],
  ["wake", "wake-up"],
  ["full", "ENOBUFS: queue full"],
  ["fault", "EFAULT: bad buffer"],
  ["refused", "other error"],
  ["dropped", "item dropped"],
  ["hangup", "hang-up"],
  ["release", "last close"],
  ["exit", "exit"],
  ["killed", "killed"],
  ["lost", "events lost"],
];
