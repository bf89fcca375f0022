// SPDX-License-Identifier: MIT
// `npm run images`: kernel, guest programs and initramfs from source into images/, with a manifest of what they are.
//   (none)    build what changed; with unchanged sources say so and do nothing
//   --check   say whether the committed images match their sources; builds nothing
//   --verify  build everything again in a new folder without ccache and compare byte by byte
import { createHash } from "node:crypto";
import { copyFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Manifest, parseManifest } from "../../web/base/ImagesManifest.ts";
import { exists, sha256File, sha256Tree } from "./content.ts";
import { type DebianPackage, installOnSystem } from "./debian.ts";
import { buildKernel, configure, guestKernel, installHeaders, KERNEL_NEEDS } from "./kernel.ts";
import { IMAGES, ROOT } from "./paths.ts";
import { buildPrograms } from "./programs.ts";
import { run } from "./run.ts";
import { type KernelSource, kernelSource } from "./source.ts";
import { kernelTree } from "./tree.ts";

/** Everything that an image depends on. */
const INPUTS = [
  "kernel/SOURCE",
  "kernel/linux/fs",
  "kernel/linux/include",
  "kernel/linux/samples",
  "kernel/patches",
  "kernel/config/guest.config",
  "guest",
  ...["debian", "images", "kernel", "programs", "source", "tree"].map((name) => `kernel/build/${name}.ts`),
];
const MANIFEST = join(IMAGES, "manifest.json");
/** The volume of the worked examples in the format's description, made by the original tools. */
const VOLUME = "test/volumes/example.img.xz";

const identity = (one: DebianPackage) => ({
  package: one.name,
  version: one.version,
  source: one.source,
  sha256: one.sha256,
});

async function describeFile(folder: string, name: string) {
  const path = join(folder, name);
  return [name, { size: (await stat(path)).size, sha256: await sha256File(path) }] as const;
}

async function unpackVolume(target: string): Promise<void> {
  await run("sh", ["-c", `xz -dc '${join(ROOT, VOLUME)}' > '${target}'`]);
}

/** Builds all images into `folder`. `trees` is where kernel trees are unpacked and built. */
async function build(
  source: KernelSource,
  inputs: string,
  folder: string,
  trees?: string,
): Promise<Manifest> {
  const tree = await kernelTree(source, trees);
  const kernel = guestKernel(tree);
  const programs = join(kernel.objects, "programs");
  const list = await readFile(join(ROOT, "guest/initramfs.list"), "utf8");
  const initramfs = join(kernel.objects, "initramfs.list");
  await mkdir(kernel.objects, { recursive: true });
  await writeFile(
    initramfs,
    list.replaceAll("@PROGRAMS@", programs).replaceAll("@GUEST@", join(ROOT, "guest")),
  );
  // Not compressed: the whole kernel is, and the machine unpacks that before the guest runs.
  const extra = [`CONFIG_INITRAMFS_SOURCE="${initramfs}"`, "CONFIG_INITRAMFS_COMPRESSION_NONE=y"];
  const config = await configure({ ...kernel, extra });
  const packages = await buildPrograms(await installHeaders(kernel), programs);
  await mkdir(folder, { recursive: true });
  await copyFile(await buildKernel(kernel), join(folder, "bzImage"));
  await unpackVolume(join(folder, "tux3.img"));
  const pathless = config.replace(/^CONFIG_INITRAMFS_SOURCE=.*$/m, "");
  return parseManifest({
    inputs,
    kernel: {
      ...{ package: source.package, version: source.version, sha256: source.sha256 },
      configSha256: createHash("sha256").update(pathless).digest("hex"),
    },
    compiler: (await run("gcc", ["--version"])).split("\n")[0],
    packages: packages.map(identity),
    files: Object.fromEntries([
      await describeFile(folder, "bzImage"),
      await describeFile(folder, "tux3.img"),
    ]),
  });
}

async function committed(): Promise<Manifest | undefined> {
  if (!(await exists(MANIFEST))) return undefined;
  return parseManifest(JSON.parse(await readFile(MANIFEST, "utf8")));
}

/** What is wrong with images/: nothing, or one sentence. */
async function fault(inputs: string): Promise<string | undefined> {
  const manifest = await committed();
  if (!manifest) return "images/manifest.json is missing";
  for (const [name, { sha256 }] of Object.entries(manifest.files)) {
    const path = join(IMAGES, name);
    if (!(await exists(path))) return `images/${name} is missing`;
    if ((await sha256File(path)) !== sha256)
      return `images/${name} is not the file that the manifest describes`;
  }
  if (manifest.inputs !== inputs) return "the sources changed after the images were built";
  return undefined;
}

async function verify(inputs: string): Promise<void> {
  const wanted = await committed();
  const scratch = await mkdtemp(join(tmpdir(), "ddlab-verify-"));
  process.env.DDLAB_NO_CCACHE = "1";
  try {
    const source = await kernelSource();
    const made = await build(source, inputs, join(scratch, "images"), join(scratch, "a-longer-name/trees"));
    for (const [name, { sha256, size }] of Object.entries(made.files)) {
      const same = wanted?.files[name]?.sha256 === sha256;
      console.log(`${same ? "identical" : "DIFFERENT"}  ${name}  ${size} bytes  ${sha256}`);
      if (same) continue;
      if (source.pinned && wanted?.compiler === made.compiler) process.exitCode = 1;
      else console.log("  (another compiler or kernel source than the committed ones: no comparison)");
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function main(mode: string | undefined): Promise<void> {
  const inputs = await sha256Tree(ROOT, INPUTS);
  const wrong = await fault(inputs);
  if (mode === "--check") {
    console.log(wrong ? `images: ${wrong}; run: npm run images` : "images match their sources");
    if (wrong) process.exitCode = 1;
    return;
  }
  if (mode !== undefined && mode !== "--verify")
    throw new Error(`npm run images: unknown option ${mode}; there are --check and --verify`);
  await installOnSystem(KERNEL_NEEDS);
  if (mode === "--verify") return verify(inputs);
  if (!wrong) return console.log("images are up to date: sources unchanged, nothing to do");
  console.log(`building images: ${wrong}`);
  const started = Date.now();
  const manifest = await build(await kernelSource(), inputs, IMAGES);
  await writeFile(MANIFEST, `${JSON.stringify(manifest, null, 2)}\n`);
  for (const [name, { size }] of Object.entries(manifest.files))
    console.log(`  images/${name}  ${size} bytes`);
  console.log(`done in ${Math.round((Date.now() - started) / 1000)} s`);
}

await main(process.argv[2]).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
