// SPDX-License-Identifier: MIT
// Shapes as SVG. Guest text only ever becomes a text node.

import { nothing, svg, type TemplateResult } from "lit";
import type { Box, Mark, Path, Role, Shape, Stroke, Text } from "./Drawing.ts";
import { MARK_PATHS } from "./Marks.ts";

export interface Selection {
  readonly row: number | null;
  readonly item: number | null;
}

/** Rows that are of interest. */
export interface RowSet {
  has(row: number): boolean;
}

/** What frames the rest stays as it is. */
const FRAMES: readonly Role[] = ["life", "open", "depth", "bytes", "limit", "far-limit", "gap", "birth"];

export function drawn(
  shapes: readonly Shape[],
  selection: Selection,
  matches: RowSet | null,
): TemplateResult[] {
  return shapes.map((shape) => drawShape(shape, classOf(shape, selection) + dimming(shape, matches)));
}

function dimming({ row, role }: Shape, matches: RowSet | null): string {
  const of = matches === null || row === undefined || FRAMES.includes(role) || matches.has(row);
  return of ? "" : " dimmed";
}

function drawShape(shape: Shape, look: string): TemplateResult {
  switch (shape.shape) {
    case "box":
      return drawBox(shape, look);
    case "stroke":
      return drawStroke(shape, look);
    case "path":
      return drawPath(shape, look);
    case "mark":
      return drawMark(shape, look);
    case "text":
      return drawText(shape, look);
  }
}

function classOf(shape: Shape, { row, item }: Selection): string {
  const selected = row !== null && shape.row === row;
  const related = item !== null && shape.item === item;
  return `${shape.role}${selected ? " selected" : ""}${related ? " related" : ""}`;
}

function drawBox({ x, y, width, height, open, row, role }: Box, look: string): TemplateResult {
  const round = role === "life" ? 1.5 : role === "open" ? 6 : 4;
  const ends = open ? `${look} unended` : look;
  return svg`<rect class=${ends} x=${x} y=${y} width=${width} height=${height} rx=${round} data-row=${row ?? nothing}></rect>`;
}

function drawStroke({ x, from, to, arrow, row }: Stroke, look: string): TemplateResult {
  const tip = to > from ? -6 : 6;
  const head = arrow ? `M${x - 3.5},${to + tip}L${x},${to}L${x + 3.5},${to + tip}` : "";
  return svg`<path class="stroke ${look}" d="M${x},${from}V${to}${head}" data-row=${row ?? nothing}></path>`;
}

function drawPath({ d, row }: Path, look: string): TemplateResult {
  return svg`<path class="path ${look}" d=${d} data-row=${row ?? nothing}></path>`;
}

function drawMark({ mark, x, y, row }: Mark, look: string): TemplateResult {
  return svg`<path class="glyph ${mark} ${look}" d=${MARK_PATHS[mark]} transform="translate(${x} ${y})" data-row=${row ?? nothing}></path>`;
}

function drawText({ x, y, anchor, text, row }: Text, look: string): TemplateResult {
  return svg`<text class=${look} x=${x} y=${y} text-anchor=${anchor} data-row=${row ?? nothing}>${text}</text>`;
}
