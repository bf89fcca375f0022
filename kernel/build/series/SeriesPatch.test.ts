// SPDX-License-Identifier: MIT
import { describe, expect, it } from "vitest";
import { parsePatch } from "./SeriesPatch.ts";

describe("parsePatch", () => {
  it("reads header and message", () => {
    const text = "Subject: a: b\nFile: x.c\nPart: Makefile A > b c\n\nWhy.\n\nMore.\n";
    expect(parsePatch("p", text)).toEqual({
      origin: "p",
      subject: "a: b",
      message: "Why.\n\nMore.",
      files: ["x.c"],
      parts: [{ path: "Makefile", word: "A > b c" }],
    });
  });

  it("says what is wrong and where", () => {
    expect(() => parsePatch("p", "Subject: a")).toThrow(/^p has no message/);
    expect(() => parsePatch("p", "File: a.c\n\nWhy.")).toThrow("p has no Subject");
    expect(() => parsePatch("p", "Subject: a\nFiles: a.c\n\nWhy.")).toThrow('p: "Files: a.c" is none of');
    expect(() => parsePatch("p", "Subject: a\nPart: a.c\n\nWhy.")).toThrow(
      'p: "Part: a.c" is not "Part: PATH WORD"',
    );
  });
});
