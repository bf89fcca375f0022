// SPDX-License-Identifier: MIT
// The numbers of a letter, from the output of the commands that measure them: none is typed by hand.
import { ROOT } from "../paths.ts";
import { run } from "../run.ts";

/** A place in a letter, and the command whose output belongs there. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  "@SIZE@": ["npm", "run", "--silent", "size"],
  "@PEERS@": ["npm", "run", "--silent", "bench", "--", "peers"],
};

export type Measure = (command: readonly string[]) => Promise<string>;

/** Runs the command: builds and benchmarks, minutes. */
export const measure: Measure = ([command = "", ...args]) => {
  console.log(`measuring: ${[command, ...args].join(" ")}`);
  return run(command, args, { cwd: ROOT });
};

/** Says where the numbers come from instead. */
export const leaveOut: Measure = async (command) => `(not measured; ${command.join(" ")} prints it)`;

/** The letter with what the commands print in their places, indented as quoted text. */
export async function fillIn(text: string, by: Measure): Promise<string> {
  let filled = text;
  for (const [place, command] of Object.entries(COMMANDS)) {
    if (!text.includes(place)) continue;
    const lines = (await by(command)).trimEnd().split("\n");
    const quoted = lines.map((line) => `  ${line}`.trimEnd()).join("\n");
    filled = filled.replace(place, () => quoted);
  }
  return filled;
}
