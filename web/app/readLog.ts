// SPDX-License-Identifier: MIT
// A saved event log into a flow of its own, without holding up what a person does meanwhile.

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
    await turn();
    since = performance.now();
  }
  return flow;
}

/** Lets input and frames have their turn. Timers would not do: nested ones are held back for 4 ms. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
