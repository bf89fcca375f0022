// SPDX-License-Identifier: MIT
// A filter as text. parse(print(filter)) is the filter again.

import type { Filter, Test } from "./Filter.ts";
import { fieldNamed } from "./fields.ts";
import { printText, printValue } from "./values.ts";

export function printFilter(filter: Filter): string {
  switch (filter.kind) {
    case "all":
      return "";
    case "text":
      return printText(filter.text);
    case "test":
      return printTest(filter);
    case "not":
      return `-${printPart(filter.part)}`;
    case "and":
      return filter.parts
        .map((part) => (part.kind === "or" ? `(${printFilter(part)})` : printFilter(part)))
        .join(" ");
    case "or":
      return filter.parts.map(printFilter).join(" or ");
  }
}

function printPart(part: Filter): string {
  return part.kind === "and" || part.kind === "or" ? `(${printFilter(part)})` : printFilter(part);
}

function printTest({ field, comparison, values }: Test): string {
  const of = fieldNamed(field);
  if (!of) throw new Error(`no field ${field}`);
  return `${field}${comparison}${values.map((value) => printValue(of, value)).join(",")}`;
}
