// SPDX-License-Identifier: MIT
// The page's first script, kept small: what takes longest (the emulator's worker, the list of images, the saved state)
// is on its way before the page itself has arrived.

import "./FirstStart.ts";

const load = () => void import("./main.ts");

// This script waits for nothing (index.html), not even for the page's own markup.
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", load, { once: true });
else load();
