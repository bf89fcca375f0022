// SPDX-License-Identifier: MIT
// The messages between an embedding page and ddlab in a frame, version 1. README.md of this folder says what they mean.

import * as v from "valibot";
import type { KernelEvent } from "../../bridge/KernelEvent.ts";

export const VERSION = 1;

const head = { ddlab: v.literal(VERSION), id: v.number() };

/** What the embedding page may ask. */
export const RequestSchema = v.variant("type", [
  v.object({ ...head, type: v.literal("ping") }),
  v.object({ ...head, type: v.literal("run"), scenario: v.pipe(v.string(), v.maxLength(100)) }),
  v.object({ ...head, type: v.literal("state") }),
  v.object({ ...head, type: v.literal("events") }),
]);

export type Request = v.InferOutput<typeof RequestSchema>;

export interface FrameState {
  /** Where the guest is: "loading", "starting", "ready", "agent-lost", "guest-lost" or "failed". */
  readonly phase: string;
  readonly scenario: string | null;
  readonly running: boolean;
  /** The picture in one sentence; empty while there is none. */
  readonly summary: string;
}

export interface Done {
  /** How the program ended: "exit 0". */
  readonly ending: string;
  readonly summary: string;
}

/** What the frame answers, each with the id of its question; "changed" comes by itself, with id 0. */
export type Answer =
  | { readonly type: "pong"; readonly scenarios: readonly string[] }
  | { readonly type: "state" | "changed"; readonly state: FrameState }
  | { readonly type: "done"; readonly done: Done }
  | { readonly type: "events"; readonly events: readonly KernelEvent[] }
  | { readonly type: "error"; readonly message: string };
