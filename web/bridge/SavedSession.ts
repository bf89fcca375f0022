// SPDX-License-Identifier: MIT
// A session as it stood when its machine was saved while nothing was under way on the line: who restores the machine goes on
// with it (PROTOCOL.md, Sessions). JSON, because it is kept beside the machine's state.

import * as v from "valibot";

const UINT16_MAX = 0xffff;
const uint16 = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(UINT16_MAX));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const SavedSessionSchema = v.object({
  epoch: uint16,
  /** Sequence numbers of the next frame from here, and of the next one from the guest. */
  nextOut: uint16,
  nextIn: uint16,
  /** Bytes of a frame's body, and of DATA that the agent takes on a new stream. */
  maxBody: count,
  window: count,
  agent: v.object({
    protocol: v.string(),
    build: v.string(),
    bootId: v.string(),
    pid: count,
    capabilities: count,
    limits: v.object({ streams: count, children: count, strings: count, message: count }),
  }),
  /** The stream of the monitor, the only one that was open. */
  monitor: uint16,
});

export type SavedSession = v.InferOutput<typeof SavedSessionSchema>;
