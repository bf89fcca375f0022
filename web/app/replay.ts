// SPDX-License-Identifier: MIT
// Runs a recorded input log again beside the page's own guest.

import type { Fingerprint } from "../machine/Fingerprint.ts";
import { parseInputLog } from "../machine/InputLog.ts";
import { replayFingerprint } from "../machine/openInWorker.ts";
import { readColdStart } from "./Plan.ts";

/** What the page's images are like at the end of a log (JSON) that begins with their power-on. */
export async function replay(log: string): Promise<Fingerprint> {
  return replayFingerprint(await readColdStart(), parseInputLog(log));
}
