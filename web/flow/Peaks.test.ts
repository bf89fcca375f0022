// SPDX-License-Identifier: MIT
import fc from "fast-check";
import { expect, it } from "vitest";
import { Peaks } from "./Peaks.ts";

it("finds the largest as a look at all does", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(1000), { minLength: 1, maxLength: 400, size: "max" }),
      fc.nat(399),
      fc.nat(399),
      (values, a, b) => {
        const peaks = new Peaks();
        for (const value of values) peaks.push(value);
        const [from, to] = [a, b].map((at) => at % values.length).sort((x, y) => x - y);
        const slow = Math.max(0, ...values.slice(from, to));
        expect(peaks.max(from ?? 0, to ?? 0, (at) => values[at] ?? 0)).toBe(slow);
      },
    ),
  );
});
