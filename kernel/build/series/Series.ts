// SPDX-License-Identifier: MIT
// The folders of kernel/series: each one a series of mails, in the order of their names, its patches likewise.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../paths.ts";
import { parsePatch, type SeriesPatch } from "./SeriesPatch.ts";

export interface Series {
  /** Name of the folder, without the number that orders it. */
  readonly name: string;
  readonly patches: readonly SeriesPatch[];
  /** The letter before the patches; a patch that stands alone has none. */
  readonly cover: SeriesPatch | undefined;
}

const COVER = "cover.txt";

async function readOne(path: string): Promise<SeriesPatch> {
  return parsePatch(path, await readFile(join(ROOT, path), "utf8"));
}

async function readFolder(folder: string): Promise<Series> {
  const names = (await readdir(join(ROOT, folder))).filter((name) => name.endsWith(".txt")).sort();
  const patches = names.filter((name) => name !== COVER).map((name) => readOne(join(folder, name)));
  return {
    name: folder.replace(/^.*\/\d+-/, ""),
    patches: await Promise.all(patches),
    cover: names.includes(COVER) ? await readOne(join(folder, COVER)) : undefined,
  };
}

export async function readSeries(): Promise<readonly Series[]> {
  const entries = await readdir(join(ROOT, "kernel/series"), { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(folders.sort().map((name) => readFolder(join("kernel/series", name))));
}
