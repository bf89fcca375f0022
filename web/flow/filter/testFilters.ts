// SPDX-License-Identifier: MIT
// For tests only: any filter, in the form in which the parser gives it.

import fc from "fast-check";
import { ALL, type Filter, type Test } from "./Filter.ts";
import { FIELDS, type Field } from "./fields.ts";

function anyValue({ kind, names }: Field): fc.Arbitrary<number | string> {
  switch (kind) {
    case "number":
      return fc.oneof(fc.integer({ min: -40, max: 40 }), fc.integer());
    case "duration":
      return fc.oneof(fc.nat(5000), fc.nat());
    case "name":
      return fc.constantFrom(...Object.keys(names ?? {}));
    case "text":
      return fc.oneof(fc.constantFrom("ddtest", "echo", "E"), fc.string({ minLength: 1 }));
  }
}

function anyTestOf(field: Field): fc.Arbitrary<Test> {
  const { name, kind } = field;
  const several = fc.record<Test>({
    kind: fc.constant("test"),
    field: fc.constant(name),
    comparison: kind === "text" ? fc.constantFrom(":", "=") : fc.constant(":"),
    values: fc.array(anyValue(field), { minLength: 1, maxLength: 3 }),
  });
  if (kind === "text")
    return several.map((test) =>
      test.comparison === "=" ? { ...test, values: test.values.slice(0, 1) } : test,
    );
  if (kind === "name") return several;
  const ordered = fc.record<Test>({
    kind: fc.constant("test"),
    field: fc.constant(name),
    comparison: fc.constantFrom("<", "<=", ">", ">="),
    values: fc.tuple(anyValue(field)),
  });
  return fc.oneof(several, ordered);
}

const anyText = fc
  .oneof(fc.constantFrom("hello", "o", "and", "DDTEST", "-x"), fc.string({ minLength: 1 }))
  .map((text): Filter => ({ kind: "text", text }));

const anyLeaf: fc.Arbitrary<Filter> = fc.oneof(anyText, ...FIELDS.map(anyTestOf));

const { part } = fc.letrec<{ part: Filter }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    anyLeaf,
    tie("part").map((part): Filter => ({ kind: "not", part })),
    fc
      .tuple(
        fc.constantFrom("and" as const, "or" as const),
        fc.array(tie("part"), { minLength: 2, maxLength: 4 }),
      )
      .map(
        ([kind, parts]): Filter => ({
          kind,
          parts: parts.flatMap((one) => (one.kind === kind ? one.parts : [one])),
        }),
      ),
  ),
}));

export const anyFilter: fc.Arbitrary<Filter> = fc.oneof(fc.constant(ALL), part);
