// SPDX-License-Identifier: MIT
// What stands beside and on the drawing: names of lanes, moments, markers, the choice, the cursor and its veil.

import { html, nothing, svg, type TemplateResult } from "lit";
import type { Drawing, Lane, Tick } from "./Drawing.ts";
import { dotsAt } from "./Motion.ts";

/** Pixels from the top of the picture to the lines that cross it, under the words of the moments, and to its ticks. */
const UNDER_WORDS = 16;
const TICKS = 18;

export function laneName(lane: Lane, pinned: boolean): TemplateResult {
  const place = `top: ${lane.y}px; height: ${lane.height}px`;
  return html`<div class="lane ${lane.kind} ${pinned ? "pinned" : ""}" .style=${place}><b>${lane.title}</b><span>${pinned ? "pinned, " : ""}${lane.subtitle}</span></div>`;
}

export function tick({ x, text }: Tick, height: number): TemplateResult {
  return svg`<line class="tick" x1=${x} x2=${x} y1=${TICKS} y2=${height}></line><text class="time" x=${x} y="9" text-anchor="middle">${text}</text>`;
}

export function choice(x: number, height: number): TemplateResult {
  return svg`<line class="choice" x1=${x} x2=${x} y1=${UNDER_WORDS} y2=${height}></line>`;
}

export function marker(name: string, x: number, height: number): TemplateResult {
  return svg`<g class="marker"><line x1=${x} x2=${x} y1=${TICKS} y2=${height}></line>
    <rect x=${x - 8} y=${UNDER_WORDS} width="16" height="15" rx="3"></rect><text x=${x} y="24" text-anchor="middle">${name}</text></g>`;
}

/** Hides what lies behind the cursor, wholly if it has never been shown; `gliding`: items are on their way. */
export function veil(
  drawing: Drawing,
  cursor: { readonly x: number; readonly width: number; readonly fresh: boolean; readonly gliding: boolean },
): TemplateResult {
  const { x, width, fresh, gliding } = cursor;
  const dots = gliding ? dotsAt(drawing, x) : [];
  return svg`
    <rect class="veil ${fresh ? "" : "thin"}" x=${x} y="0" width=${Math.max(0, width - x)} height=${drawing.height}></rect>
    <line class="now" x1=${x} x2=${x} y1=${UNDER_WORDS} y2=${drawing.height}></line>
    ${dots.length > 0 ? dots.map((dot) => svg`<circle class="dot" cx=${dot.x} cy=${dot.y} r="5"></circle>`) : nothing}`;
}
