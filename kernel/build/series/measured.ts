// SPDX-License-Identifier: MIT
// The numbers of a letter, from the output of the commands that measure them: none is typed by hand.
import { ROOT } from "../paths.ts";
import { run } from "../run.ts";

interface Place {
  /** What stands in the letter. */
  readonly mark: string;
  /** What prints what belongs there. */
  readonly command: readonly string[];
  /** The heading from which its output is of no interest to readers of the letter. */
  readonly until: RegExp;
}

const PLACES: readonly Place[] = [
  { mark: "@SIZE@", command: ["npm", "run", "--silent", "size"], until: /^\W*section\b/ },
  { mark: "@PEERS@", command: ["npm", "run", "--silent", "bench", "--", "peers"], until: /^metric\b/ },
];

export type Measure = (command: readonly string[]) => Promise<string>;

/** Runs the command: builds and benchmarks, minutes. */
export const measure: Measure = ([command = "", ...args]) => {
  console.log(`measuring: ${[command, ...args].join(" ")}`);
  return run(command, args, { cwd: ROOT });
};

/** Says where the numbers come from instead. */
export const leaveOut: Measure = async (command) => `(not measured; ${command.join(" ")} prints it)`;

function quoted(output: string, until: RegExp): string {
  const lines = output.split("\n");
  const end = lines.findIndex((line) => until.test(line));
  const wanted = lines.slice(0, end < 0 ? lines.length : end).join("\n");
  return wanted.trimEnd().replaceAll(/^(?=.)/gm, "  ");
}

/** The letter with what the commands print in their places, indented as quoted text. */
export async function fillIn(text: string, by: Measure): Promise<string> {
  let filled = text;
  for (const { mark, command, until } of PLACES) {
    if (!text.includes(mark)) continue;
    const output = quoted(await by(command), until);
    filled = filled.replace(mark, () => output);
  }
  return filled;
}
