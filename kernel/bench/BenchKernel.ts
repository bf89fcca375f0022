// SPDX-License-Identifier: MIT
// The kernel that compares ddlink with its peers: the guest's, with the peers built in and the comparing program as
// its only one. Made in the cache, once for each content of its sources; never an image.
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { filesBelow, once, sha256Tree } from "../build/content.ts";
import {
  buildKernel,
  configure,
  guestKernel,
  installHeaders,
  type KernelBuild,
  make,
} from "../build/kernel.ts";
import { CACHE, ROOT } from "../build/paths.ts";
import { toolchain } from "../build/programs.ts";
import { kernelSource } from "../build/source.ts";
import { kernelTree } from "../build/tree.ts";

const BENCH = "kernel/bench";
const CONFIG = "kernel/config/guest.config";
/** Everything that the kernel depends on. */
const INPUTS = [
  ...["kernel/SOURCE", "kernel/patches", CONFIG, BENCH, "guest/PACKAGES"],
  ...["fs", "include", "samples"].map((name) => `kernel/linux/${name}`),
  ...["kernel", "programs", "source", "tree"].map((name) => `kernel/build/${name}.ts`),
];

/** The guest's fragment with the bench's on top: a later setting replaces an earlier one of the same name. */
async function mergedConfig(): Promise<string> {
  const settings = new Map<string, string>();
  for (const file of [CONFIG, `${BENCH}/bench.config`])
    for (const line of (await readFile(join(ROOT, file), "utf8")).split("\n"))
      if (line.startsWith("CONFIG_")) settings.set(line.split("=")[0] ?? line, line);
  return `${[...settings.values()].join("\n")}\n`;
}

/** Modules, so that nothing of the bench is in the tree; what they need of the kernel is looked up when they load. */
async function buildModules(build: KernelBuild): Promise<string[]> {
  const folder = join(build.objects, "bench");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const sources = await filesBelow(join(ROOT, BENCH, "module"));
  for (const source of sources) await copyFile(source, join(folder, basename(source)));
  await make(build, ["modules_prepare"]);
  await make(build, [`M=${folder}`, "KBUILD_MODPOST_WARN=1", "modules"]);
  return sources
    .filter((source) => source.endsWith(".c"))
    .map((source) => join(folder, `${basename(source, ".c")}.ko`));
}

async function buildProgram(build: KernelBuild): Promise<string> {
  const tools = await toolchain(await installHeaders(build));
  const sources = (await filesBelow(join(ROOT, BENCH, "program"))).filter((file) => file.endsWith(".c"));
  const program = join(build.objects, "peers");
  await tools.compile(sources, program, ["-O2"]);
  return program;
}

async function writeInitramfs(list: string, program: string, modules: readonly string[]): Promise<void> {
  const lines = [
    "dir /dev 755 0 0",
    "nod /dev/console 600 0 0 c 5 1",
    `file /init ${program} 755 0 0`,
    ...modules.map((module) => `file /${basename(module)} ${module} 644 0 0`),
  ];
  await writeFile(list, `${lines.join("\n")}\n`);
}

async function buildBench(folder: string): Promise<void> {
  const tree = await kernelTree(await kernelSource());
  const objects = join(tree, "../bench");
  await mkdir(objects, { recursive: true });
  const config = join(objects, "bench.config");
  await writeFile(config, await mergedConfig());
  const initramfs = join(objects, "initramfs.list");
  const extra = [`CONFIG_INITRAMFS_SOURCE="${initramfs}"`, "CONFIG_INITRAMFS_COMPRESSION_NONE=y"];
  const build = { ...guestKernel(tree), objects, config, extra };
  await configure(build);
  await writeInitramfs(initramfs, await buildProgram(build), await buildModules(build));
  const image = await buildKernel(build, "bench kernel");
  await mkdir(folder, { recursive: true });
  await copyFile(image, join(folder, "bzImage"));
  await copyFile(join(objects, "System.map"), join(folder, "System.map"));
}

export interface BenchKernel {
  /** Path of the bzImage. */
  readonly image: string;
  /** Path of the System.map: where its functions are. */
  readonly symbols: string;
}

export async function benchKernel(): Promise<BenchKernel> {
  const key = (await sha256Tree(ROOT, INPUTS)).slice(0, 16);
  const folder = await once(join(CACHE, "bench", key), buildBench);
  return { image: join(folder, "bzImage"), symbols: join(folder, "System.map") };
}
