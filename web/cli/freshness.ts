// SPDX-License-Identifier: MIT
// Is dist/ what the sources would give now? Told by one hash over all that goes into it.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256Tree } from "../../kernel/build/content.ts";
import { ROOT } from "../../kernel/build/paths.ts";

export const DIST = join(ROOT, "dist");
const STAMP = join(DIST, ".built-from");
const INPUTS = ["web", "images", "package-lock.json", "vite.config.ts"];

export function sourcesHash(): Promise<string> {
  return sha256Tree(ROOT, INPUTS);
}

export async function isFresh(): Promise<boolean> {
  const stamp = await readFile(STAMP, "utf8").catch(() => "");
  return stamp === (await sourcesHash());
}

export async function markFresh(hash: string): Promise<void> {
  await writeFile(STAMP, hash);
}
