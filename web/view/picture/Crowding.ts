// SPDX-License-Identifier: MIT
// Where words would lie over one another, the first stays and the others go; words of trouble come first.

import type { Shape, Text } from "./Drawing.ts";

/** Widths of a character of the two fonts, in pixels, on the generous side. */
const WIDTH = { sans: 6.4, mono: 7 };
const BETWEEN = 4;

interface Span {
  readonly from: number;
  readonly to: number;
}

export function withoutCrowding(shapes: readonly Shape[]): Shape[] {
  const rows = new Map<number, Span[]>();
  const kept = new Set<Shape>();
  for (const words of ranked(shapes)) {
    if (words.some((text) => isTaken(rows.get(text.y) ?? [], spanOf(text)))) continue;
    for (const text of words) {
      rows.set(text.y, [...(rows.get(text.y) ?? []), spanOf(text)]);
      kept.add(text);
    }
  }
  return shapes.filter((shape) => shape.shape !== "text" || kept.has(shape));
}

/** Words of one event at one place stay or go together. */
function ranked(shapes: readonly Shape[]): Text[][] {
  const groups = new Map<string, Text[]>();
  for (const shape of shapes) {
    if (shape.shape !== "text") continue;
    const key = `${shape.row ?? shape.text} ${shape.x} ${shape.anchor}`;
    groups.set(key, [...(groups.get(key) ?? []), shape]);
  }
  const all = [...groups.values()];
  return [...all.filter((words) => words.some(isTrouble)), ...all.filter((words) => !words.some(isTrouble))];
}

function isTaken(row: readonly Span[], span: Span): boolean {
  return row.some(({ from, to }) => span.from < to + BETWEEN && span.to > from - BETWEEN);
}

function isTrouble({ role }: Text): boolean {
  return role === "trouble";
}

function spanOf({ x, text, anchor, role }: Text): Span {
  const mono = role === "result" || role === "payload" || role === "call-name";
  const width = text.length * (mono ? WIDTH.mono : WIDTH.sans);
  const from = anchor === "start" ? x : anchor === "middle" ? x - width / 2 : x - width;
  return { from, to: from + width };
}
