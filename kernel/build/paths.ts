// SPDX-License-Identifier: MIT
// Where things are. The cache is outside the tree: downloads and build trees, each keyed by content, safe to delete.
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The top of the repository. */
export const ROOT = resolve(fileURLToPath(new URL("../..", import.meta.url)));
/** Downloads and build trees: $DDLAB_CACHE, or ddlab below the user's cache folder. */
export const CACHE = resolve(
  process.env.DDLAB_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "ddlab"),
);
/** What is booted, committed. */
export const IMAGES = join(ROOT, "images");
