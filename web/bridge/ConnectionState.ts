// SPDX-License-Identifier: MIT
import * as v from "valibot";
import type { FrameCounts } from "./FrameDecoder.ts";

/** The protocol's (PROTOCOL.md, Sessions). */
export const MAJOR = 1;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** The agent as its HELLO describes it. */
export const AgentInfoSchema = v.object({
  /** "MAJOR.MINOR" */
  protocol: v.pipe(v.string(), v.startsWith(`${MAJOR}.`)),
  build: v.string(),
  /** Of the guest's kernel: another one means another boot. */
  bootId: v.string(),
  pid: count,
  /** Capability bits of bridge.proto. */
  capabilities: count,
  limits: v.object({
    streams: count,
    children: count,
    /** Bytes of argv, env and cwd of one exec. */
    strings: count,
    /** Bytes of one link message. */
    message: count,
  }),
});

export type AgentInfo = v.InferOutput<typeof AgentInfoSchema>;

export type ConnectionState =
  /** SYNC is out; `reason` says why, after a session that ended. */
  | { readonly kind: "connecting"; readonly reason?: string }
  | { readonly kind: "connected"; readonly agent: AgentInfo }
  /** No answer. It goes on trying, and is connected again when the agent answers or starts anew. */
  | { readonly kind: "lost"; readonly reason: string }
  /** For good: disposed, or an agent of another major version. */
  | { readonly kind: "closed"; readonly reason: string };

/** What this side saw of the line since the connection was made. */
export interface LineCounts extends FrameCounts {
  /** Frames missing by their sequence numbers. */
  readonly gaps: number;
  /** Frames of an older epoch. */
  readonly stale: number;
  /** Sessions begun. */
  readonly sessions: number;
}
