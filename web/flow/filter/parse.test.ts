// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FIELDS } from "./fields.ts";
import { parseFilter } from "./parse.ts";
import { printFilter } from "./print.ts";
import { anyFilter } from "./testFilters.ts";
import { FilterError } from "./tokens.ts";

const README = readFileSync(new URL("README.md", import.meta.url), "utf8");

describe("parseFilter", () => {
  it("takes the tests apart, and joins them by and", () => {
    expect(parseFilter('link:3 op:read errno:eio size>100 "hello"')).toEqual({
      kind: "and",
      parts: [
        { kind: "test", field: "link", comparison: ":", values: [3] },
        { kind: "test", field: "op", comparison: ":", values: ["read"] },
        { kind: "test", field: "errno", comparison: ":", values: ["EIO"] },
        { kind: "test", field: "size", comparison: ">", values: [100] },
        { kind: "text", text: "hello" },
      ],
    });
  });

  it.each([
    ["a b or c", "a b or c"],
    ["a (b or c)", "a (b or c)"],
    ["a AND b", "a b"],
    ["(a) ((b))", "a b"],
    ["not !-a", "---a"],
    ["-(a b)", "-(a b)"],
    ["size=3", "size:3"],
    ["bytes>4k", "bytes>4096"],
    ["wait>1.5ms", "wait>1500us"],
    ["time<2µs", "time<2us"],
    ["result:-5", "result:-5"],
    ["op:READ,write", "op:read,write"],
    ['comm="a b"', 'comm="a b"'],
    ['"or"', '"or"'],
    ["", ""],
    ["  ", ""],
  ])("%j means %j", (source, printed) => {
    const filter = parseFilter(source);
    expect(filter instanceof FilterError ? filter.message : printFilter(filter)).toBe(printed);
  });

  it("gives back what print wrote, whatever the filter", () => {
    fc.assert(
      fc.property(anyFilter, (filter) => {
        expect(parseFilter(printFilter(filter))).toEqual(filter);
      }),
      { numRuns: 500 },
    );
  });

  it("answers any text with a filter or an error that points into it", () => {
    const texts = fc.oneof(
      fc.string(),
      fc
        .array(fc.constantFrom(...'link : < >= 3 ( ) , - not or and " \\ op read errno x'.split(" ")))
        .map((all) => all.join("")),
    );
    fc.assert(
      fc.property(texts, (source) => {
        const answer = parseFilter(source);
        if (!(answer instanceof FilterError)) return;
        expect(answer.at).toBeGreaterThanOrEqual(0);
        expect(answer.at).toBeLessThanOrEqual(source.length);
        expect(answer.length).toBeGreaterThan(0);
        expect(answer.message).toMatch(/[.?]$/);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["link:x", 5, 1, /“x” is not a whole number, as in link:3/],
    ["op:raed", 3, 4, /no value of op: read, /],
    ["op:read sise>3", 8, 4, /no field “sise”: did you mean “size”/],
    ["frobnicate:1", 0, 10, /the fields are op, link/],
    ["size>", 5, 1, /A value is missing here, as in size>100/],
    ["size> 3", 5, 1, /A value is missing/],
    ["wait>3", 5, 1, /needs a unit/],
    ["op<read", 2, 1, /needs numbers/],
    ["size>1,2", 6, 1, /takes one value/],
    ['a "b', 2, 2, /has no end/],
    ['"a\\n"', 2, 1, /write \\\\ for one/],
    ["(a", 0, 1, /no “\)”/],
    ["a)", 1, 1, /no “\(”/],
    ["()", 0, 2, /Nothing stands/],
    ["a or", 4, 1, /missing here/],
    ["or a", 0, 2, /missing before “or”/],
    ['""', 0, 2, /nothing to look for/],
    [":3", 0, 1, /Which field/],
    ["-".repeat(200), 100, 1, /nested too deeply/],
  ])("%j is wrong at %i", (source, at, length, message) => {
    const error = parseFilter(source);
    expect(error).toBeInstanceOf(FilterError);
    expect(error).toMatchObject({ at, length, message: expect.stringMatching(message) });
  });
});

describe("README.md", () => {
  it("names every field with its kind and example", () => {
    const rows = [...README.matchAll(/^\| `(\w+)` +\| (\w+) +\| `(.+?)` +\|/gm)];
    expect(rows.map(([, name, kind, example]) => ({ name, kind, example }))).toEqual(
      FIELDS.map(({ name, kind, example }) => ({ name, kind, example })),
    );
  });

  it("has only examples that parse", () => {
    const inTable = FIELDS.map(({ example }) => example);
    const block = README.split("all of them tested:")[1]?.split("```")[1]?.trim().split("\n") ?? [];
    expect(block.length).toBeGreaterThan(3);
    for (const example of [...inTable, ...block]) expect(parseFilter(example)).not.toBeInstanceOf(Error);
  });
});
