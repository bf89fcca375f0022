// SPDX-License-Identifier: MIT
// A session as it stood when its machine was saved while nothing was under way on the line: who restores the machine goes on
// with it (PROTOCOL.md, Sessions). JSON, because it is kept beside the machine's state.

import * as v from "valibot";
import { AgentInfoSchema } from "./ConnectionState.ts";
import { BODY_MAX, BODY_MIN } from "./Frame.ts";

const UINT16_MAX = 0xffff;
const uint16 = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(UINT16_MAX));
const positive16 = v.pipe(uint16, v.minValue(1));

export const SavedSessionSchema = v.object({
  epoch: positive16,
  /** Sequence numbers of the next frame from here, and of the next one from the guest. */
  nextOut: uint16,
  nextIn: uint16,
  /** Bytes of a frame's body. */
  maxBody: v.pipe(v.number(), v.integer(), v.minValue(BODY_MIN), v.maxValue(BODY_MAX)),
  /** Bytes of DATA that the agent takes on a new stream. */
  window: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  agent: AgentInfoSchema,
  /** The stream of the monitor, the only one that was open. */
  monitor: positive16,
});

export type SavedSession = v.InferOutput<typeof SavedSessionSchema>;
