// SPDX-License-Identifier: MIT
// Why no test takes these branches.
import type { Explained } from "./Untaken.ts";

export const UNTAKEN: readonly Explained[] = [];
