// SPDX-License-Identifier: MIT
import { expect, it } from "vitest";
import { Pinch } from "./Pinch.ts";

it("says how far two fingers move apart, and nothing of one or three", () => {
  const pinch = new Pinch();
  pinch.down(1, { x: 100, y: 0 });
  expect(pinch.move(1, { x: 110, y: 0 })).toBeNull();
  pinch.down(2, { x: 210, y: 0 });
  expect(pinch.move(2, { x: 310, y: 0 })).toEqual({ by: 2, x: 210 });
  pinch.down(3, { x: 0, y: 0 });
  expect(pinch.move(3, { x: 1, y: 0 })).toBeNull();
  pinch.up(3);
  expect(pinch.move(2, { x: 210, y: 0 })?.by).toBe(0.5);
  expect(pinch.move(9, { x: 0, y: 0 })).toBeNull();
});
