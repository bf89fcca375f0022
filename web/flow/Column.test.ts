// SPDX-License-Identifier: MIT
import fc from "fast-check";
import { expect, it } from "vitest";
import { doubles, words32 } from "./Column.ts";

it("holds over the edges of its pages what an array holds", () => {
  const column = doubles();
  const array: number[] = [];
  for (let row = 0; row < 70_000; row++) {
    column.push(row * 1.5);
    array.push(row * 1.5);
  }
  column.set(16_384, -1);
  array[16_384] = -1;
  expect(Array.from({ length: column.length }, (_, row) => column.at(row))).toEqual(array);
  expect(() => column.at(70_000)).toThrow("row 70000 of a column with 70000 rows");
  expect(() => column.at(-1)).toThrow(RangeError);
  expect(() => column.set(70_000, 1)).toThrow(RangeError);
});

it("finds the lower bound as a look at all rows does", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(40)), fc.nat(42), (values, value) => {
      const column = words32();
      const sorted = values.sort((a, b) => a - b);
      for (const one of sorted) column.push(one);
      const slow = sorted.findIndex((one) => one >= value);
      expect(column.lowerBound(value)).toBe(slow < 0 ? sorted.length : slow);
    }),
  );
});
