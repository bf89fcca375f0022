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
    penOn(boxes).fill("ink", 1.4, 2.6, 0.2, 2);
    penOn(boxes, 2).fill("ink", 1.4, 2.6, 0.2, 2);
    expect(boxes.drawn).toEqual(["ink 1 3 1 2 1", "ink 1.5 2.5 0.5 2 1"]);
  });

  it("draws nothing where there is no width or height", () => {
    const pen = penOn(boxes);
    pen.fill("ink", 5, 5, 0, 3);
    pen.fill("ink", 5, 5, 3, -1);
    expect(boxes.drawn).toEqual([]);
  });

  it("leaves out a box that the last one of its colour covers, and no other", () => {
    const pen = penOn(boxes);
    pen.fill("ink", 10, 0, 3, 6);
    pen.fill("ink", 10.3, 0, 2, 6);
    pen.fill("accent", 10, 0, 3, 6);
    pen.fill("ink", 10, 0, 3, 6);
    pen.fill("ink", 11, 0, 3, 6);
    expect(boxes.drawn).toEqual(["ink 10 0 3 6 1", "accent 10 0 3 6 1", "ink 10 0 3 6 1", "ink 11 0 3 6 1"]);
  });

  it("does not let what is faint stand for what is not", () => {
    const pen = penOn(boxes);
    pen.opacity = 0.2;
    pen.fill("ink", 10, 0, 3, 6);
    pen.opacity = 1;
    pen.fill("ink", 10, 0, 3, 6);
    expect(boxes.drawn).toEqual(["ink 10 0 3 6 0.2", "ink 10 0 3 6 1"]);
  });
});
