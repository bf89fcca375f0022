// SPDX-License-Identifier: MIT
// Content as identity: hashes of files and folders, and steps that are done once for each content.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { access, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

/** SHA-256 of a file, hex. */
export async function sha256File(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** The files below a folder, or the file itself; absolute, sorted by name. */
export async function filesBelow(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(() => undefined);
  if (!entries) return (await exists(path)) ? [path] : [];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** One hash over the names (relative to `base`) and contents of all files below the given paths. */
export async function sha256Tree(base: string, paths: readonly string[]): Promise<string> {
  const files = (await Promise.all(paths.map((path) => filesBelow(join(base, path))))).flat();
  const hash = createHash("sha256");
  for (const file of [...new Set(files)].sort()) {
    hash.update(`${relative(base, file)}\0`);
    hash.update(
      createHash("sha256")
        .update(await readFile(file))
        .digest(),
    );
  }
  return hash.digest("hex");
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/**
 * Makes `path` by `make` unless it is there. `make` fills a scratch path beside it that becomes `path` at the end,
 * so what is there is always whole.
 */
export async function once(path: string, make: (scratch: string) => Promise<void>): Promise<string> {
  if (await exists(path)) return path;
  const scratch = `${path}.part-${process.pid}`;
  await rm(scratch, { recursive: true, force: true });
  await mkdir(dirname(path), { recursive: true });
  await make(scratch);
  await rename(scratch, path).catch(async (error) => {
    if (!(await exists(path))) throw error;
    await rm(scratch, { recursive: true, force: true });
  });
  return path;
}
