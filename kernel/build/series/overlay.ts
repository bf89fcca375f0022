// SPDX-License-Identifier: MIT
// The two ends of the series: the files that kernel/patches touch as they are in the source, and the same with
// kernel/patches and kernel/linux applied.
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { filesBelow, once } from "../content.ts";
import { CACHE, ROOT } from "../paths.ts";
import { run } from "../run.ts";
import type { KernelSource } from "../source.ts";
import type { Files } from "./peel.ts";

const OVERLAY = join(ROOT, "kernel/linux");
/** Of the kernel's own tools: what the quick checks need. */
const TOOLS = ["checkpatch.pl", "const_structs.checkpatch", "kernel-doc", "spelling.txt"];

export interface Ends {
  readonly base: Files;
  readonly overlaid: Files;
  /** The folder with the source's own scripts/. */
  readonly tools: string;
}

const kernelPatches = async () =>
  (await filesBelow(join(ROOT, "kernel/patches"))).filter((file) => file.endsWith(".patch"));

/** The existing files that kernel/patches touch. */
async function touched(): Promise<string[]> {
  const texts = await Promise.all((await kernelPatches()).map((file) => readFile(file, "utf8")));
  const paths = texts.flatMap((text) => [...text.matchAll(/^--- a\/(\S+)/gm)].map(([, path]) => path ?? ""));
  return [...new Set(paths)].sort();
}

/** Takes these files and the tools out of the tarball, once for each tarball and list. */
async function unpackSome(source: KernelSource, paths: readonly string[]): Promise<string> {
  const wanted = [...paths, ...TOOLS.map((name) => `scripts/${name}`)];
  const key = createHash("sha256").update(`${source.sha256} ${wanted}`).digest("hex").slice(0, 12);
  return once(join(CACHE, "series", key, "some"), async (scratch) => {
    console.log(`unpacking what the series touches of ${source.version}`);
    await run("mkdir", ["-p", scratch]);
    const members = wanted.map((path) => `*/${path}`);
    const match = ["--wildcards", "--no-wildcards-match-slash", "--strip-components=1"];
    await run("tar", ["xf", source.tarball, "-C", scratch, ...match, ...members]);
  });
}

async function readAll(folder: string, paths: readonly string[]): Promise<Map<string, string>> {
  const entries = paths.map(async (path) => [path, await readFile(join(folder, path), "utf8")] as const);
  return new Map(await Promise.all(entries));
}

/** The touched files with kernel/patches applied. A patch that does not fit this source is an error that says which. */
async function patched(some: string, paths: readonly string[]): Promise<Map<string, string>> {
  const scratch = await mkdtemp(join(tmpdir(), "ddlab-series-"));
  try {
    await run("cp", ["-r", `${some}/.`, scratch]);
    for (const patch of await kernelPatches())
      await run("patch", ["-p1", "--no-backup-if-mismatch", "-i", patch], { cwd: scratch });
    return await readAll(scratch, paths);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Both ends. `submitter` is who stands in MAINTAINERS. */
export async function ends(source: KernelSource, submitter: string): Promise<Ends> {
  const paths = await touched();
  const some = await unpackSome(source, paths);
  const overlaid = await patched(some, paths);
  for (const [path, text] of overlaid) overlaid.set(path, text.replaceAll("@SUBMITTER@", submitter));
  const added = (await filesBelow(OVERLAY)).map((file) => relative(OVERLAY, file));
  for (const [path, text] of await readAll(OVERLAY, added)) overlaid.set(path, text);
  return { base: await readAll(some, paths), overlaid, tools: some };
}
