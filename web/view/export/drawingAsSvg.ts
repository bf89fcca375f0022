// SPDX-License-Identifier: MIT
// A run's whole picture as an SVG file that stands by itself: the page's shapes and style sheet, its colours resolved.

import { render, svg } from "lit";
import { Axis, type AxisKind } from "../../flow/Axis.ts";
import type { Flow } from "../../flow/Flow.ts";
import type { Run } from "../../flow/Lives.ts";
import type { Drawing, Lane } from "../picture/Drawing.ts";
import { flowPictureStyle } from "../picture/FlowPicture.style.ts";
import { fittingScale, layout, xOf } from "../picture/Layout.ts";
import { marker, tick } from "../picture/nearTemplates.ts";
import { LanePlan } from "../picture/Stack.ts";
import { pictureSummary } from "../picture/Summary.ts";
import { drawn, type RowSet } from "../picture/shapes.ts";

const NAMES_WIDTH = 132;
const SVG = "http://www.w3.org/2000/svg";
/** Steps of a story are as wide as in a window of this width, if they fit. */
const WINDOW = 1280;
/** More shapes make a file that nothing opens. */
export const EVENTS_MOST = 20_000;

export interface Shown {
  readonly flow: Flow;
  readonly run: Run;
  readonly kind: AxisKind;
  readonly matching: RowSet | null;
  readonly markers: readonly { readonly name: string; readonly row: number }[];
}

export interface Svg {
  readonly text: string;
  readonly width: number;
  readonly height: number;
}

/** Throws a sentence when the run is too long for one picture. */
export function drawingAsSvg(shown: Shown, colours: (name: string) => string): Svg {
  const { flow, run, kind } = shown;
  if (run.events.length > EVENTS_MOST)
    throw new RangeError(
      `The run has ${run.events.length} events, too many for one picture: save it as a Chrome trace, or as JSON.`,
    );
  const axis = new Axis(kind, flow, run);
  const scale = fittingScale(axis, WINDOW - NAMES_WIDTH);
  const drawing = layout({
    flow,
    run,
    lanes: new LanePlan(flow, run).lanes("near"),
    axis,
    scale,
    from: -1,
    to: Number.MAX_SAFE_INTEGER,
    left: 0,
  });
  const width = Math.ceil(drawing.width + NAMES_WIDTH);
  const height = Math.ceil(drawing.height);
  const root = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    role: "img",
  }))
    root.setAttribute(name, String(value));
  const x = (row: number) => xOf(axis, scale, axis.indexOf(row));
  render(content(drawing, shown, x), root);
  const text = new XMLSerializer().serializeToString(root);
  const head = `<title>${escaped(pictureSummary(run))}</title><style>${escaped(styleText(colours))}</style>`;
  return { text: text.replace(/>/, `>${head}`), width, height };
}

function content(drawing: Drawing, { matching, markers, flow, run }: Shown, x: (row: number) => number) {
  const here = markers.filter(({ row }) => flow.runOf(row) === run);
  return svg`<rect class="ground" width="100%" height="100%"></rect>
    <g transform="translate(${NAMES_WIDTH} 0)">
      ${drawing.ticks.map((one) => tick(one, drawing.height))}
      ${drawn(drawing.shapes, { row: null, item: null }, matching)}
      ${here.map(({ name, row }) => marker(name, x(row), drawing.height))}
    </g>
    <line class="tick" x1=${NAMES_WIDTH} x2=${NAMES_WIDTH} y1="0" y2=${drawing.height}></line>
    ${drawing.lanes.map(laneOf)}`;
}

function laneOf({ kind, title, subtitle, y, height }: Lane) {
  const middle = y + height / 2;
  return svg`<text class="name ${kind}" x="14" y=${middle - 8}>${title}</text><text class="time" x="14" y=${middle + 9}>${subtitle}</text>`;
}

/** The picture's style sheet without the parts that are of the page, and with the variables' values. */
function styleText(colours: (name: string) => string): string {
  const own = `.ground { fill: var(--surface); } .name { font-size: 14px; font-weight: 600; } .name.link { fill: var(--accent-text); }
    svg { cursor: auto; }`;
  const sheet = flowPictureStyle.cssText
    .replace(/@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}/g, "")
    .replace(/:host\s*\{[^}]*\}/g, "");
  return `${sheet}${own}`
    .replace(/var\((--[\w-]+)\)/g, (_, name: string) => colours(name))
    .replace(/\s+/g, " ");
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}
