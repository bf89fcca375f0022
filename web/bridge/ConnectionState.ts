// SPDX-License-Identifier: MIT
import type { FrameCounts } from "./FrameDecoder.ts";

/** The agent as its HELLO describes it. */
export interface AgentInfo {
  readonly protocol: string;
  readonly build: string;
  /** Of the guest's kernel: another one means another boot. */
  readonly bootId: string;
  readonly pid: number;
  /** Capability bits of bridge.proto. */
  readonly capabilities: number;
  readonly limits: {
    readonly streams: number;
    readonly children: number;
    /** Bytes of argv, env and cwd of one exec. */
    readonly strings: number;
    /** Bytes of one link message. */
    readonly message: number;
  };
}

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
