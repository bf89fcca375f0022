// SPDX-License-Identifier: MIT
// A saved event log into a flow of its own, without holding up what a person does meanwhile.

import { Flow } from "../flow/Flow.ts";
import { CUT } from "../flow/log/format.ts";
import { openLog } from "../flow/log/openLog.ts";

/** A third of a frame. */
const SLICE_MS = 5;

/** Rejects with a sentence when it is none, is damaged, too large or too new. */
export async function readLog(bytes: ReadableStream<Uint8Array>): Promise<Flow> {
  const flow = new Flow();
  let since = performance.now();
  for await (const { entries } of openLog(bytes)) {
    for (const entry of entries) {
      if (entry === CUT) flow.cut();
      else flow.push(entry);
    }
    if (performance.now() - since < SLICE_MS) continue;
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
