// SPDX-License-Identifier: MIT
// The values of a filter's tests, from their text and back.

import type { Field } from "./fields.ts";
import { FilterError, type Token } from "./tokens.ts";

const NUMBER = /^(-?\d+)([kM]?)$/;
const FACTOR: Readonly<Record<string, number>> = { "": 1, k: 1024, M: 1024 ** 2 };
const DURATION = /^(\d+(?:\.\d+)?)(ns|us|µs|ms|s)?$/;
/** Nanoseconds, the largest unit first. */
const UNITS: readonly (readonly [string, number])[] = [
  ["s", 1e9],
  ["ms", 1e6],
  ["us", 1e3],
  ["ns", 1],
];

export function readValue(field: Field, token: Token): number | string {
  switch (field.kind) {
    case "number":
      return numberOf(field, token);
    case "duration":
      return durationOf(field, token);
    case "name":
      return nameOf(field, token);
    case "text":
      if (token.text === "") throw wrong(token, "Between these quotes stands nothing to look for.");
      return token.text;
  }
}

/** A value as it would be written. */
export function printValue({ kind }: Field, value: number | string): string {
  if (typeof value === "string") return kind === "text" ? printText(value) : value;
  if (kind !== "duration") return String(value);
  const [unit, factor] = UNITS.find(([, size]) => value % size === 0) ?? ["ns", 1];
  return `${value / factor}${unit}`;
}

/** In quotes only where it would otherwise mean something else. */
export function printText(text: string): string {
  const plain = /^[^\s"(),:<>=!-][^\s"(),:<>=]*$/.test(text) && !/^(and|or|not)$/i.test(text);
  return plain ? text : `"${text.replace(/["\\]/g, "\\$&")}"`;
}

function numberOf(field: Field, token: Token): number {
  const [, digits, suffix = ""] = NUMBER.exec(token.text) ?? [];
  const value = Number(digits) * (FACTOR[suffix] ?? Number.NaN);
  if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
  throw wrong(token, `“${token.text}” is not a whole number, as in ${field.example}.`);
}

function durationOf(field: Field, token: Token): number {
  const [, digits, unit] = DURATION.exec(token.text) ?? [];
  if (digits === undefined) throw wrong(token, `“${token.text}” is not a duration, as in ${field.example}.`);
  if (unit === undefined && Number(digits) !== 0)
    throw wrong(token, `“${token.text}” needs a unit: ns, us, ms or s, as in ${field.example}.`);
  const size = UNITS.find(([name]) => name === (unit === "µs" ? "us" : (unit ?? "ns")))?.[1] ?? 1;
  const value = Math.round(Number(digits) * size);
  if (Number.isSafeInteger(value)) return value;
  throw wrong(token, `“${token.text}” is longer than any run.`);
}

function nameOf(field: Field, token: Token): string {
  const names = Object.keys(field.names ?? {});
  const found = names.find((name) => name.toLowerCase() === token.text.toLowerCase());
  if (found !== undefined) return found;
  throw wrong(token, `“${token.text}” is no value of ${field.name}: ${namesShown(names, token.text)}.`);
}

/** The likely ones first, and not more than can be read. */
function namesShown(names: readonly string[], wanted: string): string {
  const start = wanted.slice(0, 1).toLowerCase();
  const likely = names.filter((name) => name.toLowerCase().startsWith(start));
  const shown = [...new Set([...likely, ...names])].slice(0, 16);
  return `${shown.join(", ")}${shown.length < names.length ? " …" : ""}`;
}

function wrong(token: Token, message: string): FilterError {
  return new FilterError(message, token.at, token.end - token.at);
}
