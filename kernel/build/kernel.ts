// SPDX-License-Identifier: MIT
// Configuring and building a kernel out of the tree, the same bytes wherever it is built.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { exists } from "./content.ts";
import { ROOT } from "./paths.ts";
import { installed, run } from "./run.ts";

/** Every image carries this time, so that a build depends on nothing but its sources. */
export const BUILD_TIME = "2026-01-01T00:00:00Z";

/** Debian packages that a build takes; rsync is what `headers_install` copies with. */
export const KERNEL_NEEDS = [
  ...["gcc", "libc6-dev", "make", "patch", "xz-utils"],
  ...["flex", "bison", "bc", "rsync"],
];

export interface KernelBuild {
  /** The tree, with the overlay in it. */
  readonly tree: string;
  /** Where the objects go. */
  readonly objects: string;
  /** make's ARCH. */
  readonly arch: string;
  /** The fragment over tinyconfig, an absolute path. */
  readonly config: string;
  /** Settings added to the fragment, one `CONFIG_X=y` each. */
  readonly extra?: readonly string[];
}

async function makeArguments(build: KernelBuild): Promise<string[]> {
  const ccache = !process.env.DDLAB_NO_CCACHE && (await installed("ccache"));
  return [
    "-C",
    build.tree,
    `ARCH=${build.arch}`,
    `O=${build.objects}`,
    ...(ccache ? ["CC=ccache gcc"] : []),
    `KBUILD_BUILD_TIMESTAMP=${BUILD_TIME}`,
    "KBUILD_BUILD_USER=ddlab",
    "KBUILD_BUILD_HOST=ddlab",
    "KBUILD_BUILD_VERSION=1",
    "LOCALVERSION=",
  ];
}

/** Runs make in the build's tree. */
export async function make(build: KernelBuild, targets: readonly string[], onLine?: (line: string) => void) {
  const jobs = `-j${availableParallelism()}`;
  return run("make", [...(await makeArguments(build)), jobs, ...targets], onLine ? { onLine } : {});
}

/** Every setting of the fragment must have been taken: a silent "no" would be a kernel that nobody asked for. */
function checkTaken(fragment: string, config: string): void {
  const taken = new Set(config.split("\n"));
  const lost = fragment.split("\n").filter((line) => {
    const [name, value] = line.split("=");
    if (!name?.startsWith("CONFIG_")) return false;
    return value === "n" ? config.includes(`\n${name}=`) : !taken.has(line);
  });
  if (lost.length > 0) throw new Error(`the kernel's configuration did not take:\n  ${lost.join("\n  ")}`);
}

/** Writes .config when the fragment changed. Returns the whole configuration. */
export async function configure(build: KernelBuild): Promise<string> {
  await mkdir(build.objects, { recursive: true });
  const fragment = [await readFile(build.config, "utf8"), ...(build.extra ?? []), ""].join("\n");
  const copy = join(build.objects, "fragment.config");
  const config = join(build.objects, ".config");
  const same = (await exists(copy)) && (await exists(config)) && (await readFile(copy, "utf8")) === fragment;
  if (!same) {
    await make(build, ["tinyconfig"]);
    await writeFile(copy, fragment);
    const merge = join(build.tree, "scripts/kconfig/merge_config.sh");
    await run(merge, ["-m", "-O", build.objects, config, copy], { cwd: build.objects });
  }
  await make(build, ["olddefconfig"]);
  const text = await readFile(config, "utf8");
  checkTaken(fragment, text);
  return text;
}

/** Prints one line that is rewritten, on a terminal; a line now and then elsewhere. */
function progress(label: string): (line: string) => void {
  let count = 0;
  return (line) => {
    if (!/^ {2}(CC|LD|AR|AS|GEN)/.test(line)) return;
    count += 1;
    if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${label}: ${count} ${line.trim().slice(0, 60)}`);
    else if (count % 200 === 0) console.log(`${label}: ${count} objects`);
  };
}

/** Builds the bzImage and returns its path. */
export async function buildKernel(build: KernelBuild, label = "kernel"): Promise<string> {
  await make(build, ["bzImage"], progress(label));
  if (process.stdout.isTTY) process.stdout.write("\r\x1b[K");
  return join(build.objects, "arch/x86/boot/bzImage");
}

/** Installs the kernel's uapi headers, ddlink's among them, for programs of the guest. */
export async function installHeaders(build: KernelBuild): Promise<string> {
  const folder = join(build.objects, "headers");
  await make(build, ["headers_install", `INSTALL_HDR_PATH=${folder}`]);
  return join(folder, "include");
}

/** The guest's own kernel in the given tree. */
export function guestKernel(tree: string): KernelBuild {
  return {
    tree,
    objects: join(tree, "../guest"),
    arch: "i386",
    config: join(ROOT, "kernel/config/guest.config"),
  };
}
