// SPDX-License-Identifier: MIT
// A filter's text in tokens, each with its place, so that an error can point at the character.

export type TokenKind = "word" | "quoted" | "comparison" | "comma" | "open" | "close" | "minus";

export interface Token {
  readonly kind: TokenKind;
  /** What was meant: a quoted text without its quotes and escapes. */
  readonly text: string;
  readonly at: number;
  readonly end: number;
}

/** What is wrong with a filter, and where. */
export class FilterError extends Error {
  readonly at: number;
  readonly length: number;

  constructor(message: string, at: number, length: number) {
    super(message);
    this.at = at;
    this.length = length;
  }
}

const SPACE = /\s*/y;
const COMPARISON = /[<>]=?|[:=]/y;
/** Everything that is no space, quote, parenthesis, comma or comparison. */
const WORD = /[^\s"(),:<>=]+/y;
const QUOTED = /"(?:[^"\\]|\\["\\])*"/y;
const SINGLE: Readonly<Record<string, TokenKind>> = { "(": "open", ")": "close", ",": "comma" };

export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  for (let at = skip(source, 0); at < source.length; at = skip(source, tokens.at(-1)?.end ?? source.length)) {
    tokens.push(next(source, at, tokens.at(-1)));
  }
  return tokens;
}

function skip(source: string, at: number): number {
  return at + (match(SPACE, source, at)?.length ?? 0);
}

function next(source: string, at: number, before: Token | undefined): Token {
  const character = source[at] ?? "";
  if (character === '"') return quoted(source, at);
  const single = SINGLE[character];
  if (single) return { kind: single, text: character, at, end: at + 1 };
  const comparison = match(COMPARISON, source, at);
  if (comparison) return { kind: "comparison", text: comparison, at, end: at + comparison.length };
  // A minus right after a comparison or a comma belongs to a number, elsewhere it negates.
  const negates = (character === "-" || character === "!") && !expectsValue(before);
  if (negates) return { kind: "minus", text: character, at, end: at + 1 };
  const word = match(WORD, source, at) ?? character;
  return { kind: "word", text: word, at, end: at + word.length };
}

function expectsValue(before: Token | undefined): boolean {
  return before?.kind === "comparison" || before?.kind === "comma";
}

function quoted(source: string, at: number): Token {
  const text = match(QUOTED, source, at);
  if (text) return { kind: "quoted", text: unescaped(text), at, end: at + text.length };
  const stray = source.slice(at).search(/\\(?!["\\])/);
  if (stray >= 0)
    throw new FilterError('In quotes a \\ stands only before " or \\: write \\\\ for one.', at + stray, 1);
  throw new FilterError('This " has no end: write another one behind the text.', at, source.length - at);
}

function unescaped(text: string): string {
  return text.slice(1, -1).replace(/\\(["\\])/g, "$1");
}

function match(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}
