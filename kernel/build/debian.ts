// SPDX-License-Identifier: MIT
// Debian packages, fetched by the machine's own apt configuration into the cache: the system's package lists and
// installed packages are left alone, and a package of another architecture needs no `dpkg --add-architecture`.
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { exists, once, sha256File } from "./content.ts";
import { CACHE } from "./paths.ts";
import { run } from "./run.ts";

const LISTS_ARE_FRESH_MS = 12 * 3600 * 1000;

type Architecture = "amd64" | "i386";

/** `musl-dev:i386` is i386's; a name alone is amd64's, or of no architecture. */
const architectureOf = (name: string): Architecture => (name.endsWith(":i386") ? "i386" : "amd64");

/** One private apt for each architecture: a mirror that is behind with one must not take away the other. */
const aptFolder = (architecture: Architecture) => join(CACHE, "apt", architecture);

function aptOptions(architecture: Architecture): string[] {
  const settings = {
    "Dir::State": join(aptFolder(architecture), "state"),
    "Dir::State::status": join(aptFolder(architecture), "state/status"),
    "Dir::Cache": join(aptFolder(architecture), "cache"),
    "APT::Architecture": architecture,
    "APT::Architectures": architecture,
    "APT::Sandbox::User": "root",
    "Acquire::Retries": "3",
  };
  return Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
}

async function updateLists(architecture: Architecture): Promise<void> {
  const state = join(aptFolder(architecture), "state");
  const stamp = join(state, "updated");
  const age = await stat(stamp).then(
    (info) => Date.now() - info.mtimeMs,
    () => Number.POSITIVE_INFINITY,
  );
  if (age < LISTS_ARE_FRESH_MS) return;
  await mkdir(join(state, "lists/partial"), { recursive: true });
  await mkdir(join(aptFolder(architecture), "cache/archives/partial"), { recursive: true });
  await writeFile(join(state, "status"), "");
  // A list that a mirror is just renewing fails; what the others hold may be all that is needed.
  await run("apt-get", [...aptOptions(architecture), "update"]).catch((error: unknown) =>
    console.warn(
      `apt-get update for ${architecture}: some lists failed; going on with the rest`,
      `${error}`.slice(-300),
    ),
  );
  await writeFile(stamp, "");
}

const updates = new Map<Architecture, Promise<void>>();

/** Brings the private package lists up to date, once per run and at most twice a day. */
function lists(architecture: Architecture): Promise<void> {
  const known = updates.get(architecture) ?? updateLists(architecture);
  updates.set(architecture, known);
  return known;
}

/** The versions of a package in every configured suite, newest first. */
export async function versionsOf(name: string): Promise<string[]> {
  const architecture = architectureOf(name);
  await lists(architecture);
  const text = await run("apt-cache", [...aptOptions(architecture), "madison", name]);
  const versions = text.split("\n").flatMap((line) => line.split("|")[1]?.trim() ?? []);
  return [...new Set(versions)];
}

export interface DebianPackage {
  /** The package with its architecture, as apt names it: `musl-dev:i386`. */
  readonly name: string;
  readonly version: string;
  /** The source package and its version, as Debian names them: `busybox (1:1.35.0-4)`. */
  readonly source: string;
  /** SHA-256 of the package file. */
  readonly sha256: string;
  /** The folder it is unpacked in. */
  readonly root: string;
}

const Origin = v.object({ source: v.string(), sha256: v.string() });

async function unpack(file: string, target: string): Promise<void> {
  await run("dpkg-deb", ["-x", file, target]);
  const [name, version, source] = (
    await run("dpkg-deb", ["-W", "--showformat=${Package}\n${Version}\n${Source}\n", file])
  ).split("\n");
  const origin = { source: `${source || name} ${version}`, sha256: await sha256File(file) };
  await writeFile(join(target, ".origin.json"), JSON.stringify(origin));
}

async function download(name: string, version: string, target: string): Promise<void> {
  const architecture = architectureOf(name);
  await lists(architecture);
  const folder = `${target}.deb`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await run("apt-get", [...aptOptions(architecture), "download", `${name}=${version}`], { cwd: folder });
  const file = (await readdir(folder)).find((one) => one.endsWith(".deb"));
  if (!file) throw new Error(`apt-get download ${name}=${version} left no package behind`);
  await unpack(join(folder, file), target);
  await rm(folder, { recursive: true });
}

/** Fetches and unpacks a package: the given version, or the newest. The same version is fetched once. */
export async function fetchPackage(name: string, version?: string): Promise<DebianPackage> {
  const wanted = version ?? (await versionsOf(name))[0];
  if (!wanted) throw new Error(`Debian package ${name} is in none of the suites that apt is configured for`);
  const root = join(CACHE, "debian", `${name.replace(":", "_")}_${wanted.replaceAll(/[^\w.+~-]/g, "_")}`);
  await once(root, (scratch) => download(name, wanted, scratch));
  const origin = v.parse(Origin, JSON.parse(await readFile(join(root, ".origin.json"), "utf8")));
  return { name, version: wanted, ...origin, root };
}

/** Fetches the pinned version, or, loudly, the newest when the archive no longer has it. */
export async function fetchPinned(name: string, version: string): Promise<DebianPackage> {
  return fetchPackage(name, version).catch(async (error: unknown) => {
    console.warn(`WARNING: ${name} ${version}: ${String(error).split("\n")[0]}. Taking the newest instead.`);
    return fetchPackage(name);
  });
}

/** Installs what is missing on this machine; a clear sentence where that is not possible. */
export async function installOnSystem(packages: readonly string[]): Promise<void> {
  const missing: string[] = [];
  for (const name of packages) {
    const state = await run("dpkg-query", ["-W", "-f", "${db:Status-Status}", name]).catch(() => "");
    if (state !== "installed") missing.push(name);
  }
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !(await exists("/usr/bin/apt-get")))
    throw new Error(`These Debian packages are needed: sudo apt-get install ${missing.join(" ")}`);
  console.log(`installing ${missing.join(" ")}`);
  const quiet = { env: { DEBIAN_FRONTEND: "noninteractive" } };
  await run("apt-get", ["update"], quiet).catch(() => "");
  await run("apt-get", ["install", "-y", "--no-install-recommends", ...missing], quiet);
}
