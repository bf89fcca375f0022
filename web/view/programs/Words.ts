// SPDX-License-Identifier: MIT
// A line of text as arguments: split at spaces; "double quotes" keep spaces together. Not a shell.

export type Parsed = { readonly words: readonly string[] } | { readonly problem: string };

export function parseWords(line: string): Parsed {
  const words: string[] = [];
  let word: string | null = null;
  let quoted = false;
  for (const char of line) {
    if (char === '"') {
      quoted = !quoted;
      word ??= "";
    } else if (char === " " && !quoted) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? "") + char;
  }
  if (quoted) return { problem: 'A quotation mark (") is not closed: add the second one.' };
  if (word !== null) words.push(word);
  return { words };
}

/** The inverse, for showing a command as a line. */
export function lineOf(words: readonly string[]): string {
  return words.map((word) => (word === "" || word.includes(" ") ? `"${word}"` : word)).join(" ");
}
