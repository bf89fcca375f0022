// SPDX-License-Identifier: MIT
import { beforeEach, describe, expect, it } from "vitest";
import { Pen } from "./Pen.ts";

/** Only what boxes need of a canvas, which Node has not. */
class Boxes {
  drawn: string[] = [];
  fillStyle = "";
  globalAlpha = 1;

  fillRect(...box: number[]): void {
    this.drawn.push(`${this.fillStyle} ${box.join(" ")} ${this.globalAlpha}`);
  }
}

function penOn(boxes: Boxes, dense = 1): Pen {
  return new Pen(boxes as unknown as CanvasRenderingContext2D, (ink) => ink, dense);
}

describe("Pen", () => {
  let boxes = new Boxes();
  beforeEach(() => {
    boxes = new Boxes();
  });

  it("draws in whole pixels of the screen, each box at least one of them", () => {
    const pens = [penOn(boxes), penOn(boxes, 2)];
    for (const pen of pens) {
      pen.fill("ink", 1.4, 2.6, 0.2, 2);
      pen.lift();
    }
    expect(boxes.drawn).toEqual(["ink 1 3 1 2 1", "ink 1.5 2.5 0.5 2 1"]);
  });

  it("draws nothing where there is no width or height", () => {
    const pen = penOn(boxes);
    pen.fill("ink", 5, 5, 0, 3);
    pen.fill("ink", 5, 5, 3, -1);
    pen.lift();
    expect(boxes.drawn).toEqual([]);
  });

  it("draws a box once, when it leaves it", () => {
    const pen = penOn(boxes);
    pen.fill("ink", 10, 0, 3, 6);
    expect(boxes.drawn).toEqual([]);
    pen.lift();
    pen.lift();
    expect(boxes.drawn).toEqual(["ink 10 0 3 6 1"]);
  });

  it("makes one box of those of a colour that touch or overlap and are equally high", () => {
    const pen = penOn(boxes);
    pen.fill("ink", 10, 0, 3, 6);
    pen.fill("ink", 10.3, 0, 2, 6);
    pen.fill("ink", 13, 0, 3, 6);
    pen.fill("ink", 15, 0, 3, 6);
    pen.fill("ink", 12, 2, 3, 2);
    pen.lift();
    expect(boxes.drawn).toEqual(["ink 10 0 8 6 1"]);
  });

  it("keeps apart what has another colour, another height, a gap, or begins before", () => {
    const pen = penOn(boxes);
    pen.fill("ink", 10, 0, 3, 6);
    pen.fill("accent", 10, 0, 3, 6);
    pen.fill("ink", 10, 0, 3, 6);
    pen.fill("ink", 12, 0, 3, 5);
    pen.fill("ink", 16, 0, 3, 5);
    pen.fill("ink", 15, 0, 3, 5);
    pen.lift();
    expect(boxes.drawn).toEqual([
      "ink 10 0 3 6 1",
      "accent 10 0 3 6 1",
      "ink 10 0 3 6 1",
      "ink 12 0 3 5 1",
      "ink 16 0 3 5 1",
      "ink 15 0 3 5 1",
    ]);
  });

  it("does not let what is faint stand for what is not", () => {
    const pen = penOn(boxes);
    pen.opacity = 0.2;
    pen.fill("ink", 10, 0, 3, 6);
    pen.opacity = 1;
    pen.fill("ink", 10, 0, 3, 6);
    pen.lift();
    expect(boxes.drawn).toEqual(["ink 10 0 3 6 0.2", "ink 10 0 3 6 1"]);
  });
});
