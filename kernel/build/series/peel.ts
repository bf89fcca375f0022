// SPDX-License-Identifier: MIT
// The tree after each patch of the series. What the tree is at the end is known: the overlay. So the patches are taken
// off it one by one, last first; what is left must be the tree that the series starts from.
import { cut } from "./part.ts";
import type { SeriesPatch } from "./SeriesPatch.ts";

/** Text by path, from the top of the tree: those files only that some patch touches. */
export type Files = ReadonlyMap<string, string>;

function withoutFile(state: Map<string, string>, base: Files, patch: SeriesPatch, path: string): void {
  const text = state.get(path);
  if (text === undefined || text === base.get(path))
    throw new Error(
      `${patch.origin}: "File: ${path}" is not in kernel/linux or kernel/patches, or of two patches`,
    );
  const before = base.get(path);
  if (before === undefined) state.delete(path);
  else state.set(path, before);
}

function withoutPart(state: Map<string, string>, patch: SeriesPatch, path: string, word: string): void {
  const rest = cut(state.get(path) ?? "", word);
  if (rest === undefined) throw new Error(`${patch.origin}: "Part: ${path} ${word}": no such part`);
  state.set(path, rest);
}

function before(after: Files, base: Files, patch: SeriesPatch): Files {
  const state = new Map(after);
  for (const { path, word } of patch.parts) withoutPart(state, patch, path, word);
  for (const path of patch.files) withoutFile(state, base, patch, path);
  return state;
}

function addedLines(from: string, to: string): string[] {
  const known = new Set(from.split("\n"));
  return to.split("\n").filter((line) => !known.has(line));
}

/** What no patch took along, one sentence for each file. */
function unowned(base: Files, rest: Files): string[] {
  return [...rest].flatMap(([path, text]) => {
    const was = base.get(path);
    if (was === text) return [];
    if (was === undefined)
      return [
        `kernel/linux/${path} belongs to no patch: add "File: ${path}" to one of kernel/series/*/*.txt`,
      ];
    const lines = addedLines(was, text).join("\n  ");
    return [
      `${path}: kernel/patches changes what no patch of kernel/series owns (or a part cuts too much):\n  ${lines}`,
    ];
  });
}

/** The tree before the first patch, after it, ..., after the last one. */
export function peel(base: Files, overlaid: Files, patches: readonly SeriesPatch[]): readonly Files[] {
  const states: Files[] = [overlaid];
  for (const patch of [...patches].reverse()) states.unshift(before(states[0] ?? base, base, patch));
  const faults = unowned(base, states[0] ?? base);
  if (faults.length > 0) throw new Error(faults.join("\n"));
  return states;
}
