// SPDX-License-Identifier: MIT
// A canvas that fills the seen part of the picture, and is painted at most once a frame.

import { type Emphasis, FarPainter } from "./FarPainter.ts";
import { FarScene, type FarView } from "./FarScene.ts";
import type { Palette } from "./Palette.ts";
import { Pen } from "./Pen.ts";

export class FarCanvas {
  #scene: FarScene | null = null;

  /** `gutter`: pixels for the names of the lanes, left of the view. */
  paint(
    canvas: HTMLCanvasElement,
    view: FarView,
    gutter: number,
    palette: Palette,
    emphasis: Emphasis,
  ): void {
    const context = canvas.getContext("2d", { alpha: false });
    if (!context) return;
    const dense = devicePixelRatio;
    const [width, height] = [Math.round((gutter + view.width) * dense), Math.round(view.height * dense)];
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    context.setTransform(dense, 0, 0, dense, gutter * dense, 0);
    this.#scene = new FarScene(view);
    new FarPainter(new Pen(context, palette, dense), this.#scene, emphasis).paint(gutter);
  }

  /** The event at a point of the view; null where there is none. */
  eventAt(x: number, y: number): number | null {
    return this.#scene?.eventAt(x, y) ?? null;
  }
}
