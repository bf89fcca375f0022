// SPDX-License-Identifier: MIT
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseFilter } from "../flow/filter/parse.ts";
import { FilterError } from "../flow/filter/tokens.ts";
import { printViewLink, readViewLink, type Source, type View } from "./ViewLink.ts";

const index = fc.nat(9_999_999);

const anyFilter = fc
  .constantFrom("op:read", 'link:3 "a & b=#c"', "wait>50us or -is:trouble", "ä+%")
  .map((text) => {
    const filter = parseFilter(text);
    if (filter instanceof FilterError) throw filter;
    return { text, filter };
  });

const anyView: fc.Arbitrary<View> = fc.record(
  {
    filter: anyFilter,
    axis: fc.constantFrom("story" as const, "time" as const),
    event: index,
    moment: index,
    range: fc.tuple(index, index).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) })),
    a: index,
    b: index,
  },
  { requiredKeys: [] },
);

const anySource: fc.Arbitrary<Source> = fc.oneof(
  fc.constant<Source>({ kind: "none" }),
  fc
    .array(fc.string({ maxLength: 20, unit: "grapheme" }), { minLength: 1, maxLength: 5 })
    .map((argv): Source => ({ kind: "run", argv })),
  fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/).map((data): Source => ({ kind: "data", data })),
  fc.constantFrom("run.json", "logs/fork-1.json").map((address): Source => ({ kind: "log", address })),
);

describe("ViewLink", () => {
  it("gives back what was written, whatever it is", () => {
    fc.assert(
      fc.property(anySource, anyView, (source, view) => {
        expect(readViewLink(printViewLink(source, view))).toEqual({ source, view, problems: [] });
      }),
    );
  });

  it("is nothing when there is nothing to say", () => {
    expect(printViewLink({ kind: "none" }, {})).toBe("");
    expect(readViewLink("")).toEqual({ source: { kind: "none" }, view: {}, problems: [] });
  });

  it("leaves out what is broken, says so in a sentence, and keeps the rest", () => {
    const { source, view, problems } = readViewLink(
      "#run=ddtest&event=x&axis=sideways&filter=op:raed&a=3&from=9&to=2",
    );
    expect(source).toEqual({ kind: "run", argv: ["ddtest"] });
    expect(view).toEqual({ a: 3 });
    expect(problems).toHaveLength(3);
    for (const problem of problems) expect(problem).toMatch(/\.$/);
  });

  it.each(["https://elsewhere.example/x.json", "//elsewhere.example/x", "../up.json", "/etc/x", "a/../../b"])(
    "does not open a log at %j",
    (address) => {
      const { source, problems } = readViewLink(`#log=${encodeURIComponent(address)}`);
      expect(source).toEqual({ kind: "none" });
      expect(problems).toHaveLength(1);
    },
  );

  it("takes any text without failing", () => {
    fc.assert(fc.property(fc.string(), (text) => void readViewLink(`#${text}`)));
  });
});
