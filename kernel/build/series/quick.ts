// SPDX-License-Identifier: MIT
// What is checked in seconds: the mails apply and give the overlay, checkpatch and kernel-doc have nothing to say.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../run.ts";
import { LETTER, mailsIn } from "./mails.ts";
import type { Ends } from "./overlay.ts";
import { Repository } from "./Repository.ts";
import type { Series } from "./Series.ts";
import type { SeriesPatch } from "./SeriesPatch.ts";
import type { Submitter } from "./submitter.ts";

export interface Written {
  readonly ends: Ends;
  readonly series: readonly Series[];
  readonly submitter: Submitter;
  /** The folder with a folder of mails for each series. */
  readonly folder: string;
}

/** A check returns its complaints. */
export type Check = readonly [name: string, check: () => Promise<string[]>];

/** Each letter begins as its cover does: git writes one without words, too. */
async function letters({ series, folder }: Written): Promise<string[]> {
  const faults: string[] = [];
  for (const { name, cover } of series) {
    if (!cover) continue;
    const mail = await readFile(join(folder, name, LETTER), "utf8").catch(() => "");
    const missing = [cover.subject, cover.message.split("\n\n")[0] ?? ""].filter(
      (words) => !mail.replaceAll(/\s+/g, " ").includes(words.replaceAll(/\s+/g, " ")),
    );
    faults.push(...missing.map((words) => `${name}: the letter does not say "${words.slice(0, 60)}"`));
  }
  return faults;
}

/** A series without a letter is a patch that needs none of the others. */
async function standsAlone(written: Written): Promise<string[]> {
  for (const { name } of written.series.filter(({ cover }) => !cover)) {
    await using repository = await Repository.create(written.submitter, written.ends.base);
    await repository.git("am", "-q", ...(await mailsIn(join(written.folder, name))));
  }
  return [];
}

/** The mails, applied to the source in order, are the overlay to the byte. */
async function apply(written: Written, repository: Repository): Promise<string[]> {
  for (const { name } of written.series)
    await repository.git("am", "-q", ...(await mailsIn(join(written.folder, name))));
  const faults: string[] = [];
  for (const [path, text] of written.ends.overlaid) {
    const made = await readFile(join(repository.folder, path), "utf8").catch(() => undefined);
    if (made !== text) faults.push(`${path} is not what the overlay says after the series is applied`);
  }
  return faults;
}

/** Each existing file that a patch edits must be named in its message, with the reason beside it. */
function unnamed({ ends, series }: Written): string[] {
  const paths = ({ files, parts }: SeriesPatch) => [...files, ...parts.map(({ path }) => path)];
  return series
    .flatMap(({ patches }) => patches)
    .flatMap((patch) =>
      [...new Set(paths(patch))]
        .filter((path) => ends.base.has(path) && !patch.message.includes(path))
        .map((path) => `${patch.origin}: edits ${path}, but its message does not say why`),
    );
}

const ALLOWED = ["OPEN_ENDED_LINE", "PARENTHESIS_ALIGNMENT"];
const isTraceMacro = (line: string) => /^include\/trace\/events\/.*COMPLEX_MACRO/.test(line);

async function checkpatch({ ends, series, folder }: Written): Promise<string[]> {
  const mails = (await Promise.all(series.map(({ name }) => mailsIn(join(folder, name))))).flat();
  const flags = ["--no-tree", "--strict", "--terse", "--show-types", "--showfile", "--no-summary"];
  const script = join(ends.tools, "scripts/checkpatch.pl");
  const speak = async (mail: string) => {
    // It ends with 1 when it has something to say, which is then on standard output.
    const command = '"$@" 2>&1 || true';
    const args = ["perl", script, ...flags, "--ignore", ALLOWED.join(), mail];
    const lines = (await run("sh", ["-c", command, "sh", ...args])).split("\n");
    return lines.filter((line) => line !== "" && !isTraceMacro(line));
  };
  return (await Promise.all(mails.map(speak))).flat();
}

async function kernelDoc({ ends }: Written, tree: string): Promise<string[]> {
  const added = [...ends.overlaid.keys()].filter((path) => !ends.base.has(path) && /\.[ch]$/.test(path));
  const script = join(ends.tools, "scripts/kernel-doc");
  const text = await run("sh", ["-c", '"$@" 2>&1 || true', "sh", script, "-none", "-Wall", ...added], {
    cwd: tree,
  });
  return text.split("\n").filter((line) => line !== "");
}

export function quickChecks(written: Written, repository: Repository): readonly Check[] {
  return [
    ["the mails apply in order and give the overlay", () => apply(written, repository)],
    ["a patch without a letter applies alone", () => standsAlone(written)],
    ["each letter is written", () => letters(written)],
    ["messages name the existing files that they edit", async () => unnamed(written)],
    ["checkpatch --strict", () => checkpatch(written)],
    ["kernel-doc -Wall", () => kernelDoc(written, repository.folder)],
  ];
}
