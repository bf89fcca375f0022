// SPDX-License-Identifier: MIT
// A filter as a question to rows. What the question needs is prepared once, so that each row costs little.

import { errnoName } from "../../bridge/errno.ts";
import type { KernelEvent } from "../../bridge/KernelEvent.ts";
import { outcomeOf } from "../Meaning.ts";
import type { Facts } from "./Facts.ts";
import type { Comparison, Filter, Test } from "./Filter.ts";
import { type FieldName, FLAGS } from "./fields.ts";

export type RowPredicate = (row: number) => boolean;

/** Item ids are the link's id in the high word and a count in the low one. */
const ITEM_COUNTS = 2 ** 32;
const CALLS = new Set(["read", "write", "ioctl"]);
/** These say how it went without anything being wrong. */
const CALM = new Set(["ok", "empty", "waits"]);

export function compileFilter(filter: Filter, facts: Facts): RowPredicate {
  switch (filter.kind) {
    case "all":
      return () => true;
    case "text":
      return compileText(filter.text, facts);
    case "test":
      return compileTest(filter, facts);
    case "not": {
      const part = compileFilter(filter.part, facts);
      return (row) => !part(row);
    }
    case "and": {
      const parts = filter.parts.map((part) => compileFilter(part, facts));
      return (row) => parts.every((part) => part(row));
    }
    case "or": {
      const parts = filter.parts.map((part) => compileFilter(part, facts));
      return (row) => parts.some((part) => part(row));
    }
  }
}

/** Payload and process name, without regard to the case of ASCII letters. */
function compileText(text: string, facts: Facts): RowPredicate {
  const wanted = foldText(text);
  const bytes = new TextEncoder().encode(wanted);
  const inComm = remembered((comm) => foldText(comm).includes(wanted));
  return (row) => inComm(facts.comm(row)) || contains(facts.payload(row), bytes);
}

/** A million events have a handful of different names. */
function remembered(holds: (text: string) => boolean): (text: string) => boolean {
  const known = new Map<string, boolean>();
  return (text) => {
    let answer = known.get(text);
    if (answer === undefined) {
      answer = holds(text);
      known.set(text, answer);
    }
    return answer;
  };
}

function contains(payload: Uint8Array, wanted: Uint8Array): boolean {
  const first = wanted[0];
  for (let at = 0; at <= payload.length - wanted.length; at++) {
    if (folded(payload[at]) === first && standsAt(payload, wanted, at)) return true;
  }
  return false;
}

function standsAt(payload: Uint8Array, wanted: Uint8Array, at: number): boolean {
  for (let index = 1; index < wanted.length; index++) {
    if (folded(payload[at + index]) !== wanted[index]) return false;
  }
  return true;
}

function folded(byte: number | undefined): number {
  return byte !== undefined && byte >= 65 && byte <= 90 ? byte + 32 : (byte ?? 0);
}

/** As the bytes are folded: only A to Z have another case. */
function foldText(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function compileTest({ field, comparison, values }: Test, facts: Facts): RowPredicate {
  const number = NUMBERS[field];
  if (number) return compileNumber(number(facts), comparison, values.map(Number));
  const texts = values.map(String);
  const text = TEXTS[field];
  if (text) return compileWords(text(facts), comparison, texts);
  const tests = texts.map((name) => NAMES[field]?.(facts, name) ?? (() => false));
  return (row) => tests.some((test) => test(row));
}

type NumberOf = (row: number) => number | null;

/** A number per row, or null where the field means nothing: then no test of it holds. */
const NUMBERS: Partial<Record<FieldName, (facts: Facts) => NumberOf>> = {
  link: (facts) => (row) => facts.link(row) || null,
  item: (facts) => (row) => (facts.item(row) === 0 ? null : facts.item(row) % ITEM_COUNTS),
  size: (facts) => (row) => (facts.link(row) === 0 ? null : facts.len(row)),
  result: (facts) => (row) => (CALLS.has(facts.type(row)) ? facts.result(row) : null),
  queue: (facts) => (row) => (facts.link(row) === 0 ? null : facts.items(row)),
  bytes: (facts) => (row) => (facts.link(row) === 0 ? null : facts.bytes(row)),
  pid: (facts) => (row) => facts.tgid(row) || null,
  time: (facts) => (row) => facts.sinceStart(row),
  wait: (facts) => (row) => facts.waited(row),
  event: (facts) => (row) => facts.seq(row),
};

function compileNumber(of: NumberOf, comparison: Comparison, values: readonly number[]): RowPredicate {
  const holds = comparing(comparison, values);
  return (row) => {
    const value = of(row);
    return value !== null && holds(value);
  };
}

function comparing(comparison: Comparison, values: readonly number[]): (value: number) => boolean {
  const [limit = 0] = values;
  switch (comparison) {
    case "<":
      return (value) => value < limit;
    case "<=":
      return (value) => value <= limit;
    case ">":
      return (value) => value > limit;
    case ">=":
      return (value) => value >= limit;
    default:
      return values.length === 1 ? (value) => value === limit : (value) => values.includes(value);
  }
}

const TEXTS: Partial<Record<FieldName, (facts: Facts) => (row: number) => string>> = {
  comm: (facts) => facts.comm,
  kind: (facts) => facts.kind,
};

/** ":" is "contains", whatever the case; "=" is the text itself. */
function compileWords(
  of: (row: number) => string,
  comparison: Comparison,
  texts: readonly string[],
): RowPredicate {
  if (comparison === "=") return (row) => texts.includes(of(row));
  const wanted = texts.map(foldText);
  const holds = remembered((text) => wanted.some((one) => foldText(text).includes(one)));
  return (row) => holds(of(row));
}

const NAMES: Partial<Record<FieldName, (facts: Facts, name: string) => RowPredicate>> = {
  op: (facts, name) => (row) => facts.type(row) === name,
  flag: (facts, name) => {
    const bit = FLAGS[name]?.bit ?? 0;
    return (row) => (facts.flags(row) & bit) !== 0;
  },
  errno: (facts, name) => (row) => {
    const result = CALLS.has(facts.type(row)) ? facts.result(row) : 0;
    return result < 0 && (name === "any" || errnoName(-result) === name);
  },
  is: (facts, name) => {
    // One object for all rows: a new one for each costs more than the question.
    const asked: { -readonly [K in "type" | "result" | "value"]: KernelEvent[K] } = {
      type: "overflow",
      result: 0,
      value: 0,
    };
    const outcome = (row: number) => {
      asked.type = facts.type(row);
      asked.result = facts.result(row);
      asked.value = facts.value(row);
      return outcomeOf(asked);
    };
    return name === "trouble" ? (row) => !CALM.has(outcome(row)) : (row) => outcome(row) === name;
  },
};
