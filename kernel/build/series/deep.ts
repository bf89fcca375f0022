// SPDX-License-Identifier: MIT
// What takes minutes: each patch builds, the compiler, sparse, Coccinelle and the documentation's build have nothing
// to say about what the series adds.
import { copyFile, mkdir, rm, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { installOnSystem } from "../debian.ts";
import { configure, KERNEL_NEEDS, type KernelBuild, make } from "../kernel.ts";
import { run } from "../run.ts";
import type { KernelSource } from "../source.ts";
import { KernelFolder, mergeFragments } from "./KernelFolder.ts";
import type { Files } from "./peel.ts";
import type { Check } from "./quick.ts";

/** The folders that the series adds. */
const FOLDERS = ["fs/ddlink/", "fs/tux3/", "samples/ddlink/"];
const TESTED = ["CONFIG_KUNIT=y", "CONFIG_DDLINK_KUNIT_TEST=y", "CONFIG_WERROR=y"];
const NEEDS = [
  ...KERNEL_NEEDS,
  ...["libelf-dev", "sparse", "coccinelle", "ocaml-nox"],
  ...["python3-sphinx", "python3-sphinx-rtd-theme", "python3-yaml"],
];
/** Of what a failed make says. */
const LINES_SHOWN = 12;

interface Target {
  readonly name: string;
  readonly arch: string;
  readonly fragments: readonly string[];
  readonly more: readonly string[];
}

const SMALL: Target = {
  name: "i386",
  arch: "i386",
  fragments: ["guest.config", "test.config"],
  more: TESTED,
};
/** The other word size, SMP and preemptible, the sample as a module. */
const LARGE: Target = {
  name: "x86_64",
  arch: "x86_64",
  fragments: ["debug.config", "test.config"],
  more: [...TESTED, "CONFIG_SAMPLE_DDLINK=m", "CONFIG_TUX3_FS=m"],
};

async function configured(folder: KernelFolder, state: number, target: Target): Promise<KernelBuild> {
  await folder.lay(state);
  const objects = join(folder.tree, "..", target.name);
  const config = join(objects, "series.config");
  const settings = folder.settingsFor(state, await mergeFragments(target.fragments, target.more));
  await mkdir(objects, { recursive: true });
  await writeFile(config, `${settings.join("\n")}\n`);
  const build = { tree: folder.tree, objects, arch: target.arch, config };
  await configure(build);
  return build;
}

/** Runs make; what it says when it fails is the complaint. */
async function complaints(where: string, build: KernelBuild, targets: readonly string[]): Promise<string[]> {
  return make(build, targets).then(
    () => [],
    (error: unknown) => [where, ...`${error}`.split("\n").slice(-LINES_SHOWN)],
  );
}

/** From the source itself to the last patch, each tree is configured, compiled and linked. */
async function builds(folder: KernelFolder): Promise<string[]> {
  const faults: string[] = [];
  for (let state = 0; state <= folder.last; state += 1) {
    const build = await configured(folder, state, SMALL);
    faults.push(...(await complaints(`after patch ${state}:`, build, ["vmlinux"])));
    console.log(`        built with ${state} of ${folder.last} patches`);
  }
  return faults;
}

async function analyse(folder: KernelFolder, target: Target): Promise<string[]> {
  const build = await configured(folder, folder.last, target);
  const prepared = await complaints("prepare:", build, ["prepare"]);
  if (prepared.length > 0) return prepared;
  const strict = ["W=1e", "C=2", "CF=-Wsparse-error"];
  return complaints(`${target.name}:`, build, [...strict, ...FOLDERS]);
}

/** Runs a make that needs no configuration, and returns the lines about files that the series adds. */
async function said(folder: KernelFolder, args: readonly string[]): Promise<string[]> {
  const text = await run("sh", ["-c", 'make "$@" 2>&1', "make", "-C", folder.tree, ...args]);
  const added = folder.added(folder.last);
  return text.split("\n").filter((line) => added.some((path) => line.includes(path)));
}

/** Sphinx warns when it reads a document, which it does again only after a change. */
async function documents(folder: KernelFolder): Promise<string[]> {
  await folder.lay(folder.last);
  const now = new Date();
  for (const path of folder.added(folder.last).filter((one) => one.endsWith(".rst")))
    await utimes(join(folder.tree, path), now, now);
  return said(folder, [`O=${join(folder.tree, "../documents")}`, "SPHINXDIRS=filesystems", "htmldocs"]);
}

/** All added sources as one folder, so that each semantic patch is started once. */
async function coccicheck(folder: KernelFolder): Promise<string[]> {
  const copies = join(folder.tree, "series-sources");
  await folder.lay(folder.last);
  await rm(copies, { recursive: true, force: true });
  for (const path of folder.added(folder.last).filter((one) => /\.[ch]$/.test(one))) {
    await mkdir(dirname(join(copies, path)), { recursive: true });
    await copyFile(join(folder.tree, path), join(copies, path));
  }
  return said(folder, ["coccicheck", "MODE=report", "M=series-sources"]);
}

/** The checks by the word that chooses them. */
export async function deepChecks(
  source: KernelSource,
  states: readonly Files[],
): Promise<Map<string, Check>> {
  await installOnSystem(NEEDS);
  const folder = await KernelFolder.unpack(source, states);
  return new Map([
    ["builds", ["each patch builds", () => builds(folder)]],
    ["i386", ["W=1 and sparse, i386", () => analyse(folder, SMALL)]],
    ["x86_64", ["W=1 and sparse, x86_64", () => analyse(folder, LARGE)]],
    ["documents", ["make htmldocs", () => documents(folder)]],
    ["coccicheck", ["make coccicheck", () => coccicheck(folder)]],
  ]);
}
