// SPDX-License-Identifier: MIT
// A whole kernel tree that is moved from one state of the series to another, so that each build compiles what differs.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { exists, once } from "../content.ts";
import { CACHE, ROOT } from "../paths.ts";
import { run } from "../run.ts";
import type { KernelSource } from "../source.ts";
import type { Files } from "./peel.ts";

const symbolsOf = (state: Files): Set<string> =>
  new Set(
    [...state]
      .filter(([path]) => path.endsWith("Kconfig"))
      .flatMap(([, text]) => [...text.matchAll(/^config (\w+)$/gm)].map(([, name]) => `CONFIG_${name}`)),
  );

/** The named fragments of kernel/config, a later setting in place of an earlier one of the same name. */
export async function mergeFragments(names: readonly string[], more: readonly string[]): Promise<string[]> {
  const texts = await Promise.all(names.map((name) => readFile(join(ROOT, "kernel/config", name), "utf8")));
  const lines = [...texts.join("\n").split("\n"), ...more].filter((line) => line.startsWith("CONFIG_"));
  return [...new Map(lines.map((line) => [line.split("=")[0], line])).values()];
}

export class KernelFolder {
  readonly tree: string;
  readonly #states: readonly Files[];

  private constructor(tree: string, states: readonly Files[]) {
    this.tree = tree;
    this.#states = states;
  }

  /** Unpacks the source once for all runs. */
  static async unpack(source: KernelSource, states: readonly Files[]): Promise<KernelFolder> {
    const folder = join(CACHE, "series", source.sha256.slice(0, 12), "src");
    await once(folder, async (scratch) => {
      console.log(`unpacking ${source.version}`);
      await mkdir(scratch);
      await run("tar", ["xf", source.tarball, "-C", scratch, "--strip-components=1"]);
    });
    return new KernelFolder(folder, states);
  }

  get last(): number {
    return this.#states.length - 1;
  }

  /** The files that the series adds, as far as `state`. */
  added(state: number): string[] {
    return [...(this.#states[state]?.keys() ?? [])].filter((path) => !this.#states[0]?.has(path));
  }

  /** Makes the tree be that after `state` patches. What does not differ keeps its time. */
  async lay(state: number): Promise<void> {
    const files: Files = this.#states[state] ?? new Map();
    for (const path of new Set(this.#states.flatMap((one) => [...one.keys()])))
      if (!files.has(path)) await rm(join(this.tree, path), { force: true });
    for (const [path, text] of files) {
      const target = join(this.tree, path);
      if ((await exists(target)) && (await readFile(target, "utf8")) === text) continue;
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, text);
    }
  }

  /** Without the settings that the series brings and `state` does not have yet. */
  settingsFor(state: number, settings: readonly string[]): string[] {
    const [first = new Map()] = this.#states;
    const old = symbolsOf(first);
    const now = symbolsOf(this.#states[state] ?? first);
    const ours = symbolsOf(this.#states[this.last] ?? first);
    const absent = (name: string) => ours.has(name) && !old.has(name) && !now.has(name);
    return settings.filter((line) => !absent(line.split("=")[0] ?? ""));
  }
}
