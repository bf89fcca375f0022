// SPDX-License-Identifier: MIT
// The kernel tree that is built: the tarball, unpacked once for each content of kernel/patches, with kernel/linux on top.
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { exists, filesBelow, once, sha256Tree } from "./content.ts";
import { CACHE, ROOT } from "./paths.ts";
import { run } from "./run.ts";
import type { KernelSource } from "./source.ts";

const OVERLAY = join(ROOT, "kernel/linux");
const PATCHES = join(ROOT, "kernel/patches");

async function unpack(source: KernelSource, folder: string): Promise<void> {
  console.log(`unpacking ${source.package} ${source.version}`);
  await mkdir(folder, { recursive: true });
  await run("tar", ["xf", source.tarball, "-C", folder, "--strip-components=1"]);
  for (const patch of (await filesBelow(PATCHES)).filter((file) => file.endsWith(".patch")))
    await run("patch", ["-p1", "--no-backup-if-mismatch", "-i", patch], { cwd: folder });
}

/** Copies the overlay's changed files (times of unchanged ones stay, so make stays quick) and takes away old ones. */
async function overlay(folder: string): Promise<void> {
  const list = join(folder, ".ddlab-overlay");
  const before = (await exists(list)) ? (await readFile(list, "utf8")).split("\n").filter(Boolean) : [];
  const names = (await filesBelow(OVERLAY)).map((file) => relative(OVERLAY, file));
  for (const gone of before.filter((name) => !names.includes(name)))
    await rm(join(folder, gone), { force: true });
  for (const name of names) {
    const target = join(folder, name);
    const wanted = await readFile(join(OVERLAY, name));
    if ((await exists(target)) && wanted.equals(await readFile(target))) continue;
    await mkdir(dirname(target), { recursive: true });
    await copyFile(join(OVERLAY, name), target);
  }
  await writeFile(list, `${names.join("\n")}\n`);
}

/** The folder of the tree, ready to build. `where` is the folder that holds all trees. */
export async function kernelTree(source: KernelSource, where = join(CACHE, "linux")): Promise<string> {
  const patches = await sha256Tree(ROOT, ["kernel/patches"]);
  const key = createHash("sha256").update(`${source.sha256} ${patches}`).digest("hex").slice(0, 12);
  const folder = await once(join(where, key, "src"), (scratch) => unpack(source, scratch));
  await overlay(folder);
  return folder;
}
