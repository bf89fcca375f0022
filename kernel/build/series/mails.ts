// SPDX-License-Identifier: MIT
// The series as mails, one folder each, by git format-patch itself.
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Files } from "./peel.ts";
import { Repository } from "./Repository.ts";
import type { Series } from "./Series.ts";
import type { SeriesPatch } from "./SeriesPatch.ts";
import type { Submitter } from "./submitter.ts";

/** A series with the text of the letter before it, numbers filled in. */
export interface Letter {
  readonly series: Series;
  readonly text: string;
}

/** The letter among a series' mails, as git names it. */
export const LETTER = "0000-cover-letter.patch";
const FORMAT = ["--no-signature", "--quiet"];

async function writeFolder(
  repository: Repository,
  letter: Letter,
  from: string,
  folder: string,
): Promise<void> {
  const { name, cover } = letter.series;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  if (!cover) return void (await repository.git("format-patch", ...FORMAT, "-o", folder, `${from}..${name}`));
  // git takes the letter from the branch that the range names: a tag has none.
  await repository.git("checkout", "-qB", "series", name);
  await repository.git("config", "branch.series.description", `${cover.subject}\n\n${letter.text}`);
  const covered = ["--cover-letter", "--cover-from-description=subject"];
  await repository.git("format-patch", ...FORMAT, ...covered, "-o", folder, `${from}..series`);
}

const messageOf = (patch: SeriesPatch) => `${patch.subject}\n\n${patch.message}`;

/** Writes a folder of mails for each series below `target`. `states` are the trees before and after each patch. */
export async function writeMails(
  letters: readonly Letter[],
  states: readonly Files[],
  submitter: Submitter,
  target: string,
): Promise<void> {
  const [base = new Map(), ...rest] = states;
  await using repository = await Repository.create(submitter, base);
  const after = rest.values();
  let from = "base";
  for (const letter of letters) {
    const { name, patches } = letter.series;
    for (const patch of patches) await repository.commit(after.next().value ?? base, messageOf(patch));
    await repository.git("tag", name);
    await writeFolder(repository, letter, from, join(target, name));
    from = name;
  }
}

/** The mails that carry a patch, in order: all but the letter. */
export async function mailsIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".patch") && name !== LETTER);
  return names.sort().map((name) => join(folder, name));
}
