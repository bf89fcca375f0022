// SPDX-License-Identifier: MIT
// One sentence for each thing that can go wrong when a person asks for something: what it was, and the way out.

import { GuestError } from "../bridge/BridgeError.ts";

/** Why the guest could not start a program. */
export function spawnProblem(program: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  switch (errnoOf(error)) {
    case 2:
      return `There is no program “${program}” in the guest: check the spelling, or run “ls /bin” to see what there is.`;
    case 7:
      return `The arguments of “${program}” are too long for the guest: shorten them.`;
    case 13:
      return `The guest may not run “${program}”: it is not an executable file; choose another.`;
    default:
      return `“${program}” could not be run to its end: ${message}`;
  }
}

function errnoOf(error: unknown): number | null {
  return error instanceof GuestError ? error.errno : null;
}
