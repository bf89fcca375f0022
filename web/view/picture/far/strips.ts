// SPDX-License-Identifier: MIT
// What is seen of a log as strips side by side, each of about as many events as two milliseconds paint.

import type { Axis } from "../../../flow/Axis.ts";
import { MARGIN } from "../Layout.ts";
import { BIN } from "./FarScene.ts";

/** More events in sight than this are drawn as amounts. */
const SINGLE_MAX = 6000;
const STRIP_EVENTS = 800;

/** Pixels of the view. */
export interface Strip {
  readonly from: number;
  readonly to: number;
}

export interface Seen {
  readonly axis: Axis;
  readonly scale: number;
  readonly left: number;
  readonly width: number;
}

export function stripsOf({ axis, scale, left, width }: Seen): { strips: Strip[]; crowded: boolean } {
  const indexAt = (x: number) => Math.min(axis.firstFrom((x + left - MARGIN) / scale), axis.length);
  const first = indexAt(0);
  const events = indexAt(width) - first;
  if (events <= SINGLE_MAX) return { strips: [{ from: 0, to: width }], crowded: false };
  const strips: Strip[] = [];
  let from = 0;
  for (let index = first + STRIP_EVENTS; index < first + events; index += STRIP_EVENTS) {
    const x = MARGIN + axis.at(index) * scale - left;
    const to = Math.min(width, Math.ceil(x / BIN) * BIN);
    if (to <= from) continue;
    strips.push({ from, to });
    from = to;
  }
  if (from < width) strips.push({ from, to: width });
  return { strips, crowded: true };
}
