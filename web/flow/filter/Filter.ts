// SPDX-License-Identifier: MIT
// A filter as a tree, and back as text. The grammar stands in README.md.

import type { FieldName } from "./fields.ts";

export type Comparison = ":" | "=" | "<" | "<=" | ">" | ">=";

/** One thing said of a field; several values after ":" mean any of them. */
export interface Test {
  readonly kind: "test";
  readonly field: FieldName;
  readonly comparison: Comparison;
  /** Numbers and durations (in nanoseconds) as numbers, names and texts as strings; never empty. */
  readonly values: readonly (number | string)[];
}

export type Filter =
  | { readonly kind: "all" }
  | { readonly kind: "text"; readonly text: string }
  | Test
  | { readonly kind: "not"; readonly part: Filter }
  | { readonly kind: "and" | "or"; readonly parts: readonly Filter[] };

export const ALL: Filter = { kind: "all" };
