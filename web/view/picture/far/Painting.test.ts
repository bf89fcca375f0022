// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Painting } from "./Painting.ts";

describe("Painting", () => {
  let frames = new Map<number, () => void>();
  let painted: string[] = [];
  let left = 0;
  const painter = {
    anew: () => {
      painted.push("anew");
      return left === 0;
    },
    goOn: () => {
      painted.push("on");
      left--;
      return left <= 0;
    },
  };
  let number = 0;

  /** Lets one frame pass, and gives what was painted in it. */
  function frame(): string[] {
    const now = [...frames.values()];
    frames = new Map();
    painted = [];
    for (const callback of now) callback();
    return painted;
  }

  beforeEach(() => {
    frames = new Map();
    painted = [];
    left = 0;
    vi.stubGlobal("requestAnimationFrame", (callback: () => void) => {
      frames.set(++number, callback);
      return number;
    });
    vi.stubGlobal("cancelAnimationFrame", (handle: number) => frames.delete(handle));
  });

  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it("paints once in a frame, whatever asks for it", () => {
    const painting = new Painting(painter, () => 0);
    painting.soon();
    painting.soon();
    expect(frame()).toEqual(["anew"]);
    expect(frame()).toEqual([]);
  });

  it("goes on in the next frames, in one of them at a time", () => {
    const painting = new Painting(painter, () => 0);
    left = 2;
    for (let again = 0; again < 6; again++) painting.now();
    expect(frame()).toEqual(["on"]);
    expect(frame()).toEqual(["on"]);
    expect(frame()).toEqual([]);
  });

  it("begins anew when something else is to be seen meanwhile", () => {
    const painting = new Painting(painter, () => 0);
    left = 2;
    painting.now();
    painting.soon();
    expect(frame()).toEqual(["anew"]);
    expect(frame()).toEqual(["on"]);
  });

  it("stops", () => {
    const painting = new Painting(painter, () => 0);
    left = 2;
    painting.now();
    painting.now();
    painting.stop();
    expect(frame()).toEqual([]);
  });
});
