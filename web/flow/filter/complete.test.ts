// SPDX-License-Identifier: MIT
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { complete } from "./complete.ts";
import { FIELDS } from "./fields.ts";
import { parseFilter } from "./parse.ts";

const OCCURRING = { link: [3, 14], comm: ["ddtest", "two words"] };

function texts(source: string, caret = source.length): string[] {
  return complete(source, caret, OCCURRING).options.map(({ text }) => text);
}

describe("complete", () => {
  it("offers the fields first", () => {
    expect(texts("")).toEqual(FIELDS.map(({ name }) => expect.stringMatching(`^${name}[:>]$`)));
    expect(texts("op:read si")).toEqual(["size>"]);
    expect(texts("op:read no")).toEqual(["not "]);
  });

  it("offers the values of a field, those that occur in the events among them", () => {
    expect(texts("op:re")).toEqual(["read", "release"]);
    expect(texts("errno:eio")).toEqual(["EIO"]);
    expect(texts("op:read,wr")).toEqual(["write"]);
    expect(texts("link:")).toEqual(["3", "14"]);
    expect(texts("comm:")).toEqual(["ddtest", '"two words"']);
  });

  it("works in the middle of a filter, and not inside quotes", () => {
    expect(complete("op:r size>3", 4, {})).toMatchObject({ from: 3, to: 4 });
    expect(texts('"say si')).toEqual([]);
    expect(texts("-si")).toEqual(["size>"]);
    expect(texts("frob:")).toEqual([]);
  });

  it("offers only what parses when the value is complete", () => {
    fc.assert(
      fc.property(fc.constantFrom("op:", "errno:", "is:", "flag:", "comm:", "link:"), (source) => {
        for (const text of texts(source)) expect(parseFilter(source + text)).not.toBeInstanceOf(Error);
      }),
    );
  });
});
