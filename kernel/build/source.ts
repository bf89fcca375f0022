// SPDX-License-Identifier: MIT
// The kernel's source: the tarball pinned in kernel/SOURCE, or the one that KERNEL_TARBALL names.
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { exists, once, sha256File } from "./content.ts";
import { fetchPackage, versionsOf } from "./debian.ts";
import { CACHE, ROOT } from "./paths.ts";

export interface KernelSource {
  readonly package: string;
  readonly version: string;
  readonly sha256: string;
  readonly tarball: string;
  /** False when the pinned source could not be had: then its images cannot be compared byte by byte. */
  readonly pinned: boolean;
}

type Pin = Omit<KernelSource, "tarball" | "pinned"> & { readonly file: string };

async function readPin(): Promise<Pin> {
  const text = await readFile(join(ROOT, "kernel/SOURCE"), "utf8");
  const field = (name: string): string => {
    const value = new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1];
    if (!value) throw new Error(`kernel/SOURCE has no line "${name} VALUE"`);
    return value;
  };
  return {
    package: field("package"),
    version: field("version"),
    file: field("file"),
    sha256: field("sha256"),
  };
}

async function fetchTarball(pin: Pin, version: string, target: string): Promise<void> {
  const unpacked = await fetchPackage(pin.package, version);
  await copyFile(join(unpacked.root, "usr/src", pin.file), target);
}

/** The nearest 6.12.y that the archive still has, said aloud. */
async function nearest(pin: Pin, why: string): Promise<KernelSource> {
  const version = (await versionsOf(pin.package))[0];
  if (!version) throw new Error(`${why}; no other version of ${pin.package} either. Set KERNEL_TARBALL.`);
  console.warn(`WARNING: ${why}. Building ${version} instead: its images differ from the committed ones.`);
  const unpacked = await fetchPackage(pin.package, version);
  const tarball = join(unpacked.root, "usr/src", pin.file);
  return { package: pin.package, version, sha256: await sha256File(tarball), tarball, pinned: false };
}

/** Finds the kernel's source: KERNEL_TARBALL, else the cache, else every suite that apt knows. */
export async function kernelSource(): Promise<KernelSource> {
  const pin = await readPin();
  const given = process.env.KERNEL_TARBALL;
  if (given) {
    if (!(await exists(given))) throw new Error(`KERNEL_TARBALL=${given}: no such file`);
    const sha256 = await sha256File(given);
    return {
      ...pin,
      version: given.replace(/^.*\//, ""),
      sha256,
      tarball: given,
      pinned: sha256 === pin.sha256,
    };
  }
  const target = join(CACHE, "kernel-source", `${pin.sha256}.tar.xz`);
  try {
    await once(target, (scratch) => fetchTarball(pin, pin.version, scratch));
  } catch (error) {
    return nearest(pin, `${pin.package} ${pin.version} is not to be had (${String(error).split("\n")[0]})`);
  }
  const sha256 = await sha256File(target);
  if (sha256 !== pin.sha256)
    throw new Error(`${target} has sha256 ${sha256}, kernel/SOURCE says ${pin.sha256}`);
  return { ...pin, tarball: target, pinned: true };
}
