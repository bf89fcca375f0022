// SPDX-License-Identifier: MIT
import { expect, it } from "vitest";
import { withoutCrowding } from "./Crowding.ts";
import type { Text } from "./Drawing.ts";

function words(row: number, x: number, y: number, text: string, role: Text["role"] = "note"): Text {
  return { shape: "text", role, x, y, text, anchor: "middle", row };
}

it("keeps the first of words that would overlap, and both that do not", () => {
  const shapes = [words(1, 0, 10, "write"), words(2, 20, 10, "read"), words(3, 90, 10, "poll")];
  expect(withoutCrowding(shapes)).toEqual([shapes[0], shapes[2]]);
});

it("keeps trouble before all else", () => {
  const shapes = [words(1, 0, 10, "write"), words(2, 10, 10, "EIO", "trouble")];
  expect(withoutCrowding(shapes)).toEqual([shapes[1]]);
});

it("never parts the name of a call from what it returned", () => {
  const shapes = [
    words(1, 0, 10, "poll"),
    words(1, 0, 24, "IN"),
    words(2, 10, 24, "EIO", "trouble"),
    words(2, 10, 10, "read"),
  ];
  expect(withoutCrowding(shapes)).toEqual(shapes.slice(2));
});
