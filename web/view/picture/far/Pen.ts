// SPDX-License-Identifier: MIT
// Draws onto the canvas in whole pixels, which takes a fraction of the time that smoothed edges take and stays sharp. What
// the browser is asked to do takes most of the time: a colour is set only where it changes, and boxes of one colour that
// touch are one.

import { MARK_PATHS, type MarkName } from "../Marks.ts";
import type { Ink, Palette } from "./Palette.ts";

const FONT = "11px system-ui, sans-serif";
const MARK_EDGE = 2;

const paths = new Map<MarkName, Path2D>();

function pathOf(mark: MarkName): Path2D {
  const path = paths.get(mark) ?? new Path2D(MARK_PATHS[mark]);
  paths.set(mark, path);
  return path;
}

export class Pen {
  readonly #canvas: CanvasRenderingContext2D;
  readonly #palette: Palette;
  /** Pixels of the screen for one of the page. */
  readonly #dense: number;
  #ink: Ink | null = null;
  #opacity = 1;
  /**
   * The box that the pen is on, which is drawn when it leaves it; `#right` below all numbers: none. None of them begins as
   * an integer: V8 would make an object of each that follows.
   */
  #left = Number.NEGATIVE_INFINITY;
  #top = Number.NEGATIVE_INFINITY;
  #right = Number.NEGATIVE_INFINITY;
  #bottom = Number.NEGATIVE_INFINITY;

  constructor(canvas: CanvasRenderingContext2D, palette: Palette, dense: number) {
    this.#canvas = canvas;
    this.#palette = palette;
    this.#dense = dense;
    canvas.font = FONT;
    canvas.textBaseline = "middle";
  }

  /** A box that is there at all is at least a pixel of the screen wide and high. */
  fill(ink: Ink, x: number, y: number, width: number, height: number): void {
    if (width <= 0 || height <= 0) return;
    const pixel = 1 / this.#dense;
    const [left, top] = [this.#snapped(x), this.#snapped(y)];
    const right = Math.max(left + pixel, this.#snapped(x + width));
    const bottom = Math.max(top + pixel, this.#snapped(y + height));
    if (ink === this.#ink && this.#joins(left, top, right, bottom)) return;
    this.#take(ink);
    this.#left = left;
    this.#top = top;
    this.#right = right;
    this.#bottom = bottom;
  }

  /** True when the box that the pen is on covers this one, or is now as long as both. */
  #joins(left: number, top: number, right: number, bottom: number): boolean {
    if (left < this.#left || left > this.#right || top < this.#top || bottom > this.#bottom) return false;
    if (right <= this.#right) return true;
    if (top !== this.#top || bottom !== this.#bottom) return false;
    this.#right = right;
    return true;
  }

  /** Draws the box that the pen is on: to be called when all is done. */
  lift(): void {
    if (this.#right === Number.NEGATIVE_INFINITY) return;
    this.#canvas.fillRect(this.#left, this.#top, this.#right - this.#left, this.#bottom - this.#top);
    this.#right = Number.NEGATIVE_INFINITY;
  }

  write(ink: Ink, text: string, x: number, y: number, align: CanvasTextAlign): void {
    this.#take(ink);
    this.#canvas.textAlign = align;
    this.#canvas.fillText(text, x, y);
  }

  mark(ink: Ink, mark: MarkName, x: number, y: number): void {
    const canvas = this.#canvas;
    this.#take(ink);
    canvas.strokeStyle = this.#palette(ink);
    canvas.lineWidth = MARK_EDGE;
    canvas.translate(x, y);
    canvas.stroke(pathOf(mark));
    canvas.fill(pathOf(mark));
    canvas.translate(-x, -y);
  }

  /** From 0 to 1, for all that is drawn until it is set again. */
  set opacity(opacity: number) {
    if (opacity === this.#opacity) return;
    this.lift();
    this.#opacity = opacity;
    this.#canvas.globalAlpha = opacity;
  }

  /** What comes next lies over all that was drawn before. */
  #take(ink: Ink): void {
    this.lift();
    if (ink === this.#ink) return;
    this.#ink = ink;
    this.#canvas.fillStyle = this.#palette(ink);
  }

  #snapped(place: number): number {
    return Math.round(place * this.#dense) / this.#dense;
  }
}
