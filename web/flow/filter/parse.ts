// SPDX-License-Identifier: MIT
// Text to filter, by recursive descent: one function per rule of the grammar in README.md.

import { ALL, type Comparison, type Filter } from "./Filter.ts";
import { FIELDS, type Field, fieldNamed } from "./fields.ts";
import { FilterError, type Token, tokensOf } from "./tokens.ts";
import { readValue } from "./values.ts";

/** Deeper parentheses and negations than a person writes would only exhaust the stack. */
const DEPTH_MAX = 100;
const KEYWORDS = ["and", "or", "not"];

export function parseFilter(source: string): Filter | FilterError {
  try {
    return new Parser(source).whole();
  } catch (error) {
    if (error instanceof FilterError) return error;
    throw error;
  }
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #length: number;
  #next = 0;
  #depth = 0;

  constructor(source: string) {
    this.#tokens = tokensOf(source);
    this.#length = source.length;
  }

  whole(): Filter {
    if (this.#tokens.length === 0) return ALL;
    const filter = this.#or();
    const rest = this.#peek();
    if (rest) throw wrong(rest, "There is no “(” for this “)”.");
    return filter;
  }

  #or(): Filter {
    const parts = [this.#and()];
    while (this.#take("or")) parts.push(this.#and());
    return joined("or", parts);
  }

  #and(): Filter {
    const parts = [this.#not()];
    while (this.#take("and") || this.#startsPart()) parts.push(this.#not());
    return joined("and", parts);
  }

  #startsPart(): boolean {
    const token = this.#peek();
    return token !== undefined && token.kind !== "close" && !isKeyword(token, "or");
  }

  #not(): Filter {
    if (this.#peek()?.kind !== "minus" && !isKeyword(this.#peek(), "not")) return this.#primary();
    const token = this.#advance();
    if (++this.#depth > DEPTH_MAX) throw wrong(token, "This is nested too deeply.");
    const part = this.#not();
    this.#depth--;
    return { kind: "not", part };
  }

  #primary(): Filter {
    const token = this.#peek();
    if (!token) throw this.#ended("Something to look for is missing here.");
    if (token.kind === "open") return this.#parentheses();
    if (token.kind === "quoted") return text(this.#advance());
    if (token.kind === "comparison")
      throw wrong(token, `Which field? Write one before “${token.text}”, as in size>100.`);
    if (token.kind !== "word") throw wrong(token, `“${token.text}” cannot stand here.`);
    if (KEYWORDS.some((word) => isKeyword(token, word)))
      throw wrong(
        token,
        `Something to look for is missing before “${token.text}”; in quotes it is a word to look for.`,
      );
    this.#advance();
    return this.#peek()?.kind === "comparison" ? this.#test(token) : text(token);
  }

  #parentheses(): Filter {
    const open = this.#advance();
    if (++this.#depth > DEPTH_MAX) throw wrong(open, "This is nested too deeply.");
    if (this.#peek()?.kind === "close") throw wrong(open, "Nothing stands in these parentheses.", 2);
    const filter = this.#or();
    if (this.#peek()?.kind !== "close") throw wrong(open, "There is no “)” for this “(”.");
    this.#advance();
    this.#depth--;
    return filter;
  }

  #test(name: Token): Filter {
    const field = fieldNamed(name.text);
    if (!field) throw wrong(name, `There is no field “${name.text}”${nearest(name.text)}`);
    const sign = this.#advance();
    const comparison = comparisonOf(sign, field);
    const values = [this.#value(field, sign)];
    while (this.#peek()?.kind === "comma") {
      const comma = this.#advance();
      if (comparison !== ":") throw wrong(comma, `“${comparison}” takes one value; several go with “:”.`);
      values.push(this.#value(field, comma));
    }
    return { kind: "test", field: field.name, comparison, values };
  }

  #value(field: Field, before: Token): number | string {
    const token = this.#peek();
    const close =
      token !== undefined && (token.kind === "word" || token.kind === "quoted") && token.at === before.end;
    if (!close) throw new FilterError(`A value is missing here, as in ${field.example}.`, before.end, 1);
    return readValue(field, this.#advance());
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next];
  }

  #advance(): Token {
    const token = this.#tokens[this.#next];
    if (!token) throw this.#ended("The filter ends too early.");
    this.#next++;
    return token;
  }

  #take(keyword: string): boolean {
    if (!isKeyword(this.#peek(), keyword)) return false;
    this.#next++;
    return true;
  }

  #ended(message: string): FilterError {
    return new FilterError(message, this.#length, 1);
  }
}

function isKeyword(token: Token | undefined, keyword: string): boolean {
  return token?.kind === "word" && token.text.toLowerCase() === keyword;
}

function joined(kind: "and" | "or", parts: readonly Filter[]): Filter {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  return {
    kind,
    parts: parts.flatMap((part) => (part.kind === kind && "parts" in part ? part.parts : [part])),
  };
}

function text(token: Token): Filter {
  if (token.text === "") throw wrong(token, "Between these quotes stands nothing to look for.");
  return { kind: "text", text: token.text };
}

function wrong(token: Token, message: string, length = token.end - token.at): FilterError {
  return new FilterError(message, token.at, length);
}

function comparisonOf(sign: Token, field: Field): Comparison {
  const ordered = field.kind === "number" || field.kind === "duration";
  switch (sign.text) {
    case "<":
    case "<=":
    case ">":
    case ">=":
      if (!ordered) throw wrong(sign, `“${sign.text}” needs numbers; ${field.name} takes “:”.`);
      return sign.text;
    case "=":
      return field.kind === "text" ? "=" : ":";
    default:
      return ":";
  }
}

/** ": did you mean “size”?" for a field that differs in little. */
function nearest(name: string): string {
  const wanted = name.toLowerCase();
  const near = FIELDS.find(
    (field) => field.name.startsWith(wanted[0] ?? "") && shared(field.name, wanted) > 0.5,
  );
  return near
    ? `: did you mean “${near.name}”?`
    : `; the fields are ${FIELDS.map((field) => field.name).join(", ")}.`;
}

/** How much of the longer name's letters both have. */
function shared(a: string, b: string): number {
  const letters = [...a].filter((letter) => b.includes(letter)).length;
  return letters / Math.max(a.length, b.length);
}
