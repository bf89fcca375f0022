// SPDX-License-Identifier: MIT
import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteMatcher } from "./ByteMatcher.ts";

test("finds a text wherever indexOf does, overlapping ones too", () => {
  const letters = (minLength: number, maxLength: number) =>
    fc.string({ unit: fc.constantFrom("a", "b"), minLength, maxLength });
  fc.assert(
    fc.property(letters(1, 4), letters(0, 40), (text, stream) => {
      const matcher = new ByteMatcher(text);
      const found = [...Buffer.from(stream)].map((byte) => matcher.push(byte));
      const expected = [...stream].map((_, end) => stream.slice(0, end + 1).endsWith(text));
      expect(found).toEqual(expected);
    }),
  );
});

test("an empty text is refused", () => {
  expect(() => new ByteMatcher("")).toThrow("nothing to look for");
});
