// SPDX-License-Identifier: MIT
// What could stand where the caret is.

import { FIELDS, type Field, type FieldName, fieldNamed } from "./fields.ts";
import { printValue } from "./values.ts";

export interface Option {
  /** What goes in the place of `from` to `to`. */
  readonly text: string;
  readonly says: string;
}

export interface Completion {
  readonly from: number;
  readonly to: number;
  readonly options: readonly Option[];
}

/** Values that occur in the events at hand, for fields whose values are not known beforehand. */
export type Occurring = Partial<Record<FieldName, readonly (number | string)[]>>;

const NONE = (at: number): Completion => ({ from: at, to: at, options: [] });
/** The word in which the caret stands, perhaps behind a field and its comparison. */
const BEFORE = /([^\s"(),:<>=!-][^\s"(),:<>=]*)?(?:(:|=)((?:[^\s"(),:<>=]+,)*)([^\s"(),:<>=]*))?$/;
const WORDS: readonly Option[] = [
  { text: "or ", says: "either side" },
  { text: "not ", says: "what does not match; a - does the same" },
];

export function complete(source: string, caret: number, occurring: Occurring): Completion {
  const before = source.slice(0, caret);
  if (insideQuotes(before)) return NONE(caret);
  const [, word = "", comparison, , value = ""] = BEFORE.exec(before) ?? [];
  if (comparison !== undefined) return ofValue(fieldNamed(word), value, caret, occurring);
  return { from: caret - word.length, to: caret, options: fieldsLike(word, before) };
}

function insideQuotes(before: string): boolean {
  const quotes = before.replace(/\\["\\]/g, "").split('"').length - 1;
  return quotes % 2 === 1;
}

function fieldsLike(word: string, before: string): Option[] {
  const start = word.toLowerCase();
  const fields = FIELDS.filter(({ name }) => name.startsWith(start) && name !== start);
  const words =
    word === "" || before.length === word.length ? [] : WORDS.filter(({ text }) => text.startsWith(start));
  return [...fields.map(fieldOption), ...words];
}

function fieldOption({ name, kind, says, example }: Field): Option {
  const sign = kind === "duration" || (kind === "number" && example.includes(">")) ? ">" : ":";
  return { text: `${name}${sign}`, says };
}

function ofValue(field: Field | undefined, value: string, caret: number, occurring: Occurring): Completion {
  if (!field) return NONE(caret);
  const start = value.toLowerCase();
  const options = valuesOf(field, occurring).filter(
    ({ text }) => text.toLowerCase().startsWith(start) && text !== value,
  );
  return { from: caret - value.length, to: caret, options };
}

function valuesOf(field: Field, occurring: Occurring): Option[] {
  if (field.names) return Object.entries(field.names).map(([text, says]) => ({ text, says }));
  return (occurring[field.name] ?? []).map((value) => ({ text: printValue(field, value), says: "" }));
}
