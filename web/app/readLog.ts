// SPDX-License-Identifier: MIT
// A saved event log into a flow of its own, without holding up what a person does meanwhile.

import { nextTurn } from "../base/nextTurn.ts";
import { Flow } from "../flow/Flow.ts";
import { CUT } from "../flow/log/format.ts";
import { openLog } from "../flow/log/openLog.ts";

/** A fifth of a frame: a key that comes meanwhile waits for no longer than that. */
const SLICE_MS = 3;

/** What has come of a log: the flow grows in place. */
export interface PartOfLog {
  readonly flow: Flow;
  readonly bytes: number;
  /** Events that the whole log has. */
  readonly announced: number;
}

/**
 * Rejects with a sentence when it is none, is damaged, too large or too new, and with the signal's reason when that says
 * so. `came` is told after each slice of time, before others have their turn.
 */
export async function readLog(
  log: ReadableStream<Uint8Array>,
  signal: AbortSignal = new AbortController().signal,
  came: (part: PartOfLog) => void = () => {},
): Promise<Flow> {
  const flow = new Flow();
  let since = performance.now();
  for await (const { entries, announced, bytes } of openLog(log)) {
    signal.throwIfAborted();
    for (const entry of entries) {
      if (entry === CUT) flow.cut();
      else flow.push(entry);
    }
    if (performance.now() - since < SLICE_MS) continue;
    came({ flow, bytes, announced });
    await nextTurn(); // keys and frames have theirs
    since = performance.now();
  }
  return flow;
}
