// SPDX-License-Identifier: MIT
// Moments that are named over the picture: each the first event of a stretch of the whole picture, so that none moves
// while it is panned.

import { momentWords } from "../../../flow/Meaning.ts";
import { MARGIN } from "../Layout.ts";
import type { Seen } from "./strips.ts";

const STRETCH = 92;

export interface Tick {
  /** Pixels of the view. */
  readonly x: number;
  readonly text: string;
}

export function ticksOf({ axis, scale, left, width }: Seen): Tick[] {
  const ticks: Tick[] = [];
  const first = Math.max(0, Math.floor((left - MARGIN) / STRETCH) - 1);
  for (let from = first * STRETCH; from < left + width + STRETCH; from += STRETCH) {
    const index = axis.firstFrom(from / scale);
    const x = index < axis.length ? axis.at(index) * scale : Number.POSITIVE_INFINITY;
    if (x - from > STRETCH / 3) continue; // its words would lie over the next one's
    const next = Math.min(axis.firstFrom(axis.at(index) + STRETCH / 2 / scale), axis.length - 1);
    const apart = axis.elapsed(next) - axis.elapsed(index);
    ticks.push({ x: MARGIN + x - left, text: momentWords(axis.elapsed(index), apart) });
  }
  return ticks;
}
