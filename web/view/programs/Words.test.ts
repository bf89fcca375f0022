// SPDX-License-Identifier: MIT
import fc from "fast-check";
import { expect, it } from "vitest";
import { lineOf, parseWords } from "./Words.ts";

it("splits at spaces and keeps what is quoted together", () => {
  expect(parseWords('  hello "two words" "" x')).toEqual({ words: ["hello", "two words", "", "x"] });
});

it("names a quotation mark that is not closed", () => {
  expect(parseWords('say "hello')).toEqual({
    problem: 'A quotation mark (") is not closed: add the second one.',
  });
});

it("reads back every line that it writes", () => {
  const word = fc.string().filter((text) => !text.includes('"'));
  fc.assert(
    fc.property(fc.array(word), (words) => {
      expect(parseWords(lineOf(words))).toEqual({ words });
    }),
  );
});
