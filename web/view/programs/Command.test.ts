// SPDX-License-Identifier: MIT
import { describe, expect, it } from "vitest";
import { commandOf, FIRST_FIELDS } from "./Command.ts";

const MAX = 4096;

describe("commandOf", () => {
  it("builds what the first press runs", () => {
    expect(commandOf("ddtest", FIRST_FIELDS, MAX)).toEqual({ argv: ["ddtest", "hello", "world"] });
    expect(commandOf("ddfork", FIRST_FIELDS, MAX)).toEqual({ argv: ["ddfork", "-w", "5", "-r", "3"] });
  });

  it("passes buffer and path on", () => {
    const fields = { ...FIRST_FIELDS, buffer: "3", path: "/mnt/file" };
    expect(commandOf("ddtest", fields, MAX)).toEqual({
      argv: ["ddtest", "-b", "3", "-f", "/mnt/file", "hello", "world"],
    });
  });

  it("keeps words from being taken for options", () => {
    expect(commandOf("ddtest", { ...FIRST_FIELDS, words: "-x" }, MAX)).toEqual({
      argv: ["ddtest", "--", "-x"],
    });
  });

  it.each([
    ["ddtest", { words: "  " }, "words", "ddtest needs a word"],
    ["ddtest", { buffer: "-4" }, "buffer", "“-4”"],
    ["ddtest", { buffer: "9999999" }, "buffer", "1 to 1048576"],
    ["ddfork", { reads: "many" }, "reads", "“many”"],
    ["ddfork", { writes: "2", reads: "3" }, "reads", "Read fewer"],
    ["other", { line: "" }, "line", "Type a program"],
    ["ddtest", { words: "x".repeat(MAX) }, "words", "the guest takes 4096"],
  ] as const)("says what is wrong: %s %o", (program, fields, field, words) => {
    const command = commandOf(program, { ...FIRST_FIELDS, ...fields }, MAX);
    expect(command).toMatchObject({ field, problem: expect.stringContaining(words) });
  });
});
