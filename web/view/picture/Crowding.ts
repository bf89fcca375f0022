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
  const texts = shapes.filter((shape): shape is Text => shape.shape === "text");
  const ranked = [...texts.filter(isTrouble), ...texts.filter((text) => !isTrouble(text))];
  for (const text of ranked) {
    const span = spanOf(text);
    const row = rows.get(text.y) ?? [];
    if (row.some(({ from, to }) => span.from < to + BETWEEN && span.to > from - BETWEEN)) continue;
    rows.set(text.y, [...row, span]);
    kept.add(text);
  }
  return shapes.filter((shape) => shape.shape !== "text" || kept.has(shape));
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
