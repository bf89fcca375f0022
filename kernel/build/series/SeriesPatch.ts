// SPDX-License-Identifier: MIT
// One file of kernel/series: what a patch is called, what of the overlay belongs to it, and why it is. Mail-like:
//
//   Subject: ddlink: add the monitor
//   File: fs/ddlink/monitor.c                  a file of kernel/linux, or all edits of a file by kernel/patches
//   Part: fs/ddlink/Kconfig DDLINK_MONITOR     a part of a file that otherwise belongs to another patch; see part.ts
//
//   The message, why first.

export interface Part {
  readonly path: string;
  /** What names the part in its file. */
  readonly word: string;
}

export interface SeriesPatch {
  /** The file that says all this, for errors. */
  readonly origin: string;
  readonly subject: string;
  readonly message: string;
  readonly files: readonly string[];
  readonly parts: readonly Part[];
}

function parsePart(origin: string, value: string): Part {
  const [path, ...words] = value.split(" ");
  const word = words.join(" ");
  if (!path || !word) throw new Error(`${origin}: "Part: ${value}" is not "Part: PATH WORD"`);
  return { path, word };
}

/** Reads a patch's description; `origin` names it in errors. */
export function parsePatch(origin: string, text: string): SeriesPatch {
  const end = text.indexOf("\n\n");
  if (end < 0)
    throw new Error(`${origin} has no message: a blank line and the text after the header are missing`);
  const files: string[] = [];
  const parts: Part[] = [];
  let subject = "";
  for (const line of text.slice(0, end).split("\n")) {
    const [, name, value] = /^(\w+): (.+)$/.exec(line) ?? [];
    if (name === "Subject" && value) subject = value;
    else if (name === "File" && value) files.push(value);
    else if (name === "Part" && value) parts.push(parsePart(origin, value));
    else throw new Error(`${origin}: "${line}" is none of "Subject: ", "File: ", "Part: "`);
  }
  if (!subject) throw new Error(`${origin} has no Subject`);
  return { origin, subject, message: text.slice(end + 2).trimEnd(), files, parts };
}
