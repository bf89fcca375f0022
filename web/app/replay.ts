// SPDX-License-Identifier: MIT
// Runs a recorded input log again beside the page's own guest.

import type { Fingerprint } from "../machine/Fingerprint.ts";
import { parseInputLog } from "../machine/InputLog.ts";
import { replayFingerprint } from "../machine/openInWorker.ts";
import { COLD_START } from "./Images.ts";

/** What the page's images are like at the end of a log (JSON) that begins with their power-on. */
export async function replay(log: string): Promise<Fingerprint> {
  return replayFingerprint(COLD_START, parseInputLog(log));
}
