// SPDX-License-Identifier: MIT
// The page's first script, kept small: what takes longest (the emulator's worker, the list of images, the saved state)
// is on its way before the page itself has arrived.

import "./FirstStart.ts";

void import("./main.ts");
