// SPDX-License-Identifier: MIT
// Parts of a file, where the file's own structure says what they are: an entry of Kconfig, a paragraph (of MAINTAINERS),
// or single lines (of Makefiles and lists). So no patch needs line numbers.

/** Lines of a text, from the first to before the last. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** From the line that is `start` to before the next one for which `ends` holds, or to the end. */
function block(lines: readonly string[], start: string, ends: (line: string) => boolean): Range | undefined {
  const from = lines.indexOf(start);
  if (from < 0) return undefined;
  const length = lines.slice(from + 1).findIndex(ends);
  return { from, to: length < 0 ? lines.length : from + 1 + length };
}

/** An entry ends where anything that is not indented begins. */
const entry = (lines: readonly string[], name: string) =>
  block(lines, `config ${name}`, (line) => /^[a-z]/.test(line));

/** A paragraph begins after a blank line and goes with the one behind it. */
function paragraph(lines: readonly string[], title: string): Range | undefined {
  const range = block(lines, title, (line) => line === "");
  if (!range || (lines[range.from - 1] ?? "") !== "") return undefined;
  return { from: range.from, to: Math.min(range.to + 1, lines.length) };
}

function without(lines: readonly string[], { from, to }: Range): string[] {
  const rest = [...lines.slice(0, from), ...lines.slice(to)];
  // What stands at the end of a file takes the blank line before it along.
  while (to === lines.length && rest.at(-1) === "") rest.pop();
  return to === lines.length ? [...rest, ""] : rest;
}

/** The lines of `range` that contain `word` go; all others stay. */
function withoutLines(lines: readonly string[], { from, to }: Range, word: string): string[] {
  return lines.filter((line, index) => index < from || index >= to || !line.includes(word));
}

/**
 * The text without the part that `name` means: the entry `config NAME`, else the paragraph that begins with the line
 * NAME, else each line that contains NAME; `TITLE > NAME` means the lines with NAME in the paragraph TITLE.
 * Undefined where there is none of these.
 */
export function cut(text: string, name: string): string | undefined {
  const lines = text.split("\n");
  const [title, word] = name.split(" > ");
  const whole = entry(lines, name) ?? paragraph(lines, name);
  const scope = word === undefined ? { from: 0, to: lines.length } : paragraph(lines, title ?? "");
  if (!scope) return undefined;
  const rest = whole ? without(lines, whole) : withoutLines(lines, scope, word ?? name);
  return rest.length === lines.length ? undefined : rest.join("\n");
}
