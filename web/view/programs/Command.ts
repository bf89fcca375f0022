// SPDX-License-Identifier: MIT
// From what a person filled in to what the guest is asked to run, or one sentence on what is wrong.

import { parseWords } from "./Words.ts";

export type ProgramName = "ddtest" | "ddfork" | "other";

export interface Fields {
  readonly words: string;
  readonly buffer: string;
  readonly path: string;
  readonly writes: string;
  readonly reads: string;
  readonly line: string;
}

export interface Problem {
  readonly field: keyof Fields;
  readonly problem: string;
}

export type Command = { readonly argv: readonly string[] } | Problem;

export const FIRST_FIELDS: Fields = {
  words: "hello world",
  buffer: "",
  path: "",
  writes: "5",
  reads: "3",
  line: "cat /proc/version",
};

const BUFFER_MAX = 1 << 20;
const COUNT_MAX = 1000;

/** `maxBytes`: what the agent takes for all arguments together. */
export function commandOf(program: ProgramName, fields: Fields, maxBytes: number): Command {
  const command = BUILD[program](fields);
  if ("problem" in command) return command;
  const bytes = new TextEncoder().encode(command.argv.join("\0")).length + 1;
  if (bytes <= maxBytes) return command;
  const field = program === "other" ? "line" : "words";
  return {
    field,
    problem: `The arguments are ${bytes} bytes long; the guest takes ${maxBytes}: shorten them.`,
  };
}

const BUILD: Readonly<Record<ProgramName, (fields: Fields) => Command>> = {
  ddtest: ddtestCommand,
  ddfork: ddforkCommand,
  other: otherCommand,
};

function ddtestCommand({ words, buffer, path }: Fields): Command {
  const parsed = parseWords(words);
  if ("problem" in parsed) return { field: "words", ...parsed };
  if (parsed.words.length === 0)
    return { field: "words", problem: "ddtest needs a word to write: type one." };
  const size = buffer.trim();
  if (size !== "" && !isCount(size, BUFFER_MAX)) {
    return {
      field: "buffer",
      problem: `A buffer of “${size}” bytes is not possible: give 1 to ${BUFFER_MAX}.`,
    };
  }
  const file = path.trim();
  const options = [...(size === "" ? [] : ["-b", size]), ...(file === "" ? [] : ["-f", file])];
  const guard = parsed.words.some((word) => word.startsWith("-")) ? ["--"] : [];
  return { argv: ["ddtest", ...options, ...guard, ...parsed.words] };
}

function ddforkCommand({ writes, reads }: Fields): Command {
  for (const [field, text] of Object.entries({ writes, reads })) {
    const problem = `“${text}” is not a number of items: give 1 to ${COUNT_MAX}.`;
    if (!isCount(text, COUNT_MAX)) return { field: field === "writes" ? "writes" : "reads", problem };
  }
  if (Number(reads) > Number(writes)) {
    return {
      field: "reads",
      problem: `The child would wait for ever: ${reads} reads, ${writes} writes. Read fewer.`,
    };
  }
  return { argv: ["ddfork", "-w", writes, "-r", reads] };
}

function otherCommand({ line }: Fields): Command {
  const parsed = parseWords(line);
  if ("problem" in parsed) return { field: "line", ...parsed };
  if (parsed.words.length === 0) return { field: "line", problem: "Type a program and its arguments." };
  return { argv: parsed.words };
}

function isCount(text: string, max: number): boolean {
  return /^\d{1,7}$/.test(text) && Number(text) >= 1 && Number(text) <= max;
}
