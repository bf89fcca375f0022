// SPDX-License-Identifier: MIT
// The guest's programs: static i386 binaries against musl, with the headers of the kernel that they run on.
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type DebianPackage, fetchPackage, fetchPinned } from "./debian.ts";
import { ROOT } from "./paths.ts";
import { run } from "./run.ts";

export interface Toolchain {
  readonly packages: readonly DebianPackage[];
  /** Compiles and links one static i386 program. */
  readonly compile: (sources: readonly string[], output: string, flags?: readonly string[]) => Promise<void>;
}

const WARNINGS = ["-Wall", "-Wextra", "-Werror"];
/** Nothing in a binary may tell where or when it was built. */
const REPRODUCIBLE = ["-Wl,--build-id=none", `-ffile-prefix-map=${ROOT}=.`];

/** The version that guest/PACKAGES names; a package that is not in it (another gcc's) is taken as it comes. */
async function pinned(name: string): Promise<DebianPackage> {
  const lines = (await readFile(join(ROOT, "guest/PACKAGES"), "utf8")).split("\n");
  const version = lines.find((line) => line.startsWith(`${name} `))?.split(" ")[1];
  return version ? fetchPinned(name, version) : fetchPackage(name);
}

async function libgccFolder(root: string): Promise<string> {
  const base = join(root, "usr/lib/gcc/i686-linux-gnu");
  const version = (await readdir(base))[0];
  if (!version) throw new Error(`${base} is empty: no libgcc for i386`);
  return join(base, version);
}

async function gccMajor(): Promise<string> {
  return (await run("gcc", ["-dumpversion"])).trim().split(".")[0] ?? "12";
}

/** The machine's gcc with musl's and libgcc's i386 halves from Debian, and the kernel's own uapi headers. */
export async function toolchain(kernelHeaders: string): Promise<Toolchain> {
  const musl = await pinned("musl-dev:i386");
  const gcc = await pinned(`libgcc-${await gccMajor()}-dev:i386`);
  const lib = join(musl.root, "usr/lib/i386-linux-musl");
  const libgcc = await libgccFolder(gcc.root);
  const gccHeaders = (await run("gcc", ["-print-file-name=include"])).trim();
  const before = [
    "-m32",
    "-march=i686",
    "-std=gnu11",
    "-Os",
    "-fno-stack-protector",
    "-fno-pie",
    "-fcf-protection=none",
  ];
  const headers = [join(musl.root, "usr/include/i386-linux-musl"), gccHeaders, kernelHeaders];
  const system = ["-nostdinc", ...headers.flatMap((folder) => ["-isystem", folder])];
  const link = [
    "-static",
    "-no-pie",
    "-nostdlib",
    "-s",
    "-Wl,--gc-sections",
    "-Wl,-z,noseparate-code", // two mappings to make and to tear down for each program, and not four
    join(lib, "crt1.o"),
    join(lib, "crti.o"),
  ];
  const after = [
    `-L${lib}`,
    `-L${libgcc}`,
    "-Wl,--start-group",
    "-lc",
    "-lgcc",
    "-Wl,--end-group",
    join(lib, "crtn.o"),
  ];
  return {
    packages: [musl, gcc],
    compile: async (sources, output, flags = []) => {
      const options = [...before, "-ffunction-sections", ...system, ...WARNINGS, ...REPRODUCIBLE, ...flags];
      await run("gcc", [...options, ...link, ...sources, ...after, "-o", output], { cwd: ROOT });
    },
  };
}

/** Every link to busybox in the initramfs must be a program that busybox has. */
async function checkApplets(busybox: string): Promise<void> {
  const list = await readFile(join(ROOT, "guest/initramfs.list"), "utf8");
  const wanted = [...list.matchAll(/^slink \S*\/(\S+) \/bin\/busybox /gm)].map((match) => match[1]);
  const has = new Set((await run(busybox, ["--list"])).split("\n"));
  const missing = wanted.filter((name) => name && !has.has(name));
  if (missing.length > 0) throw new Error(`guest/initramfs.list: busybox has no ${missing.join(", ")}`);
}

async function sourcesIn(folder: string): Promise<string[]> {
  const names = await readdir(join(ROOT, folder));
  return names
    .filter((name) => name.endsWith(".c"))
    .sort()
    .map((name) => join(folder, name));
}

/** Builds what the initramfs holds into `folder`. Returns the packages it is made from. */
export async function buildPrograms(kernelHeaders: string, folder: string): Promise<DebianPackage[]> {
  await mkdir(folder, { recursive: true });
  const tools = await toolchain(kernelHeaders);
  const busybox = await pinned("busybox-static:i386");
  await checkApplets(join(busybox.root, "bin/busybox"));
  await run("cp", [join(busybox.root, "bin/busybox"), join(folder, "busybox")]);
  for (const name of ["init", "ddtest", "ddfork", "ddplay", "serialrate"])
    await tools.compile([`guest/${name}.c`], join(folder, name));
  const agent = [
    ...(await sourcesIn("guest/agent")),
    ...(await sourcesIn("guest/agent/generated")),
    ...(await sourcesIn("guest/agent/nanopb")),
  ];
  const include = ["-O2", "-Iguest/agent/generated", "-Iguest/agent/nanopb"];
  await tools.compile(agent, join(folder, "agent"), include);
  return [...tools.packages, busybox];
}
