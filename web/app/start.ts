// SPDX-License-Identifier: MIT
// The page's first script, kept small: what takes longest (the emulator's worker, the saved state) is on its way before
// the page itself has arrived.

import { workerAwake } from "./FirstStart.ts";

/** On a slow network the page is not kept blank for longer. */
const PATIENCE_MS = 300;

/** The worker first: compiling the page's own code, and making the page, would take the processors that it starts on. */
const load = () => void Promise.race([workerAwake, patience()]).then(() => import("./main.ts"));

function patience(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
}

// This script waits for nothing (index.html), not even for the page's own markup.
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", load, { once: true });
else load();
