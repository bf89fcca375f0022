// SPDX-License-Identifier: MIT
// How the picture moves: a cursor that sweeps over the axis, and the dots that travel along strokes as it
// passes them. Pure; the element gives the time.

import type { Drawing, Role, Stroke } from "./Drawing.ts";

/** New events of a live run are shown within this time, however many. */
const REVEAL_MS = 850;
/** A replay at speed 1 gives each step this long: slow enough to follow by eye. */
const STEP_MS = 260;

export class Sweep {
  /** Position of the cursor, in units of the axis. */
  at: number;
  readonly #unitsPerMs: number;

  private constructor(at: number, unitsPerMs: number) {
    this.at = at;
    this.#unitsPerMs = unitsPerMs;
  }

  /** From what was seen to what is new. */
  static reveal(from: number, to: number): Sweep {
    return new Sweep(from, Math.max(to - from, 1e-9) / REVEAL_MS);
  }

  /** `steps` events between the ends decide the pace. */
  static replay(from: number, to: number, steps: number, speed: number): Sweep {
    return new Sweep(from, ((to - from) / Math.max(1, steps) / STEP_MS) * speed);
  }

  /** Moves on; true when `end` is reached. */
  advance(ms: number, end: number): boolean {
    this.at = Math.min(end, this.at + ms * this.#unitsPerMs);
    return this.at >= end;
  }
}

export interface Dot {
  readonly x: number;
  readonly y: number;
  readonly role: Role;
}

const TRAVELLED: readonly Role[] = ["write", "read", "birth-of-item", "wake"];
/** Over how many pixels of the cursor's way a dot travels along its stroke. */
const TRAVEL = 26;

/** The dots on their way when the cursor stands at `cursor` pixels. */
export function dotsAt(drawing: Drawing, cursor: number): Dot[] {
  return drawing.shapes
    .filter((shape): shape is Stroke => shape.shape === "stroke" && TRAVELLED.includes(shape.role))
    .filter(({ x }) => cursor >= x && cursor <= x + TRAVEL)
    .map(({ x, from, to, role }) => ({ x, y: from + ((cursor - x) / TRAVEL) * (to - from), role }));
}
