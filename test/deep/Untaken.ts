// SPDX-License-Identifier: MIT
// Branches of fs/ddlink that no test takes, each with the reason why none can. A branch is named by its function and
// its source, so that a line that only moves stays known; one that is taken after all, or is new, fails the test.

export interface Untaken {
  readonly in: string;
  /** The source, without the space around it. */
  readonly at: string;
  /** Ways out of the line that are never taken, in all lines of the function that read so. */
  readonly ways: number;
}

export interface Explained extends Untaken {
  readonly because: string;
}

const told = ({ in: name, at, ways }: Untaken) => `${name}(): ${at} [${ways}]`;

/** What the two lists do not have in common, in words. */
export function differences(found: readonly Untaken[], explained: readonly Explained[]): string[] {
  const taken = new Set(found.map(told));
  const known = new Set(explained.map(told));
  return [
    ...found
      .map(told)
      .filter((one) => !known.has(one))
      .map((one) => `nobody says why it is not taken: ${one}`),
    ...explained
      .map(told)
      .filter((one) => !taken.has(one))
      .map((one) => `is taken, or gone: ${one}`),
  ];
}
