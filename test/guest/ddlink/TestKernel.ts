// SPDX-License-Identifier: MIT
// Kernels built for the tests of ddlink, the programs that run on them, and QEMU to run them in.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import {
  buildKernel,
  configure,
  guestKernel,
  installHeaders,
  type KernelBuild,
  make,
} from "../../../kernel/build/kernel.ts";
import { ROOT } from "../../../kernel/build/paths.ts";
import { buildPrograms, toolchain } from "../../../kernel/build/programs.ts";
import { run } from "../../../kernel/build/run.ts";
import { kernelSource } from "../../../kernel/build/source.ts";
import { kernelTree } from "../../../kernel/build/tree.ts";
import type { InitramfsFile } from "../Initramfs.ts";
import { bootQemu } from "../Qemu.ts";

const EXECUTABLE = 0o755;
const READABLE = 0o644;

/** A program and the words that it is started with. */
export interface Program {
  readonly file: InitramfsFile;
  readonly args?: readonly string[];
}

interface Hardware {
  readonly emulator: "qemu-system-i386" | "qemu-system-x86_64";
  readonly processors: number;
  readonly memoryMiB: number;
}

const OLD_PC: Hardware = { emulator: "qemu-system-i386", processors: 1, memoryMiB: 256 };
const TWO_PROCESSORS: Hardware = { emulator: "qemu-system-x86_64", processors: 2, memoryMiB: 1024 };

/** What a test kernel has as a module, so that it can be seen that links hold it. */
const MODULES = ["samples/ddlink/ddlink_test.ko"];

/** Fragments as one: a later setting replaces an earlier one of the same name. */
async function mergedConfig(names: readonly string[]): Promise<string> {
  const settings = new Map<string, string>();
  for (const name of names)
    for (const line of (await readFile(join(ROOT, "kernel/config", name), "utf8")).split("\n"))
      if (line.startsWith("CONFIG_")) settings.set(line.split("=")[0] ?? line, line);
  return `${[...settings.values()].join("\n")}\n`;
}

/** Where a kernel of this name is built, and from which fragments. */
async function described(name: string, fragments: readonly string[], arch: string): Promise<KernelBuild> {
  const tree = await kernelTree(await kernelSource());
  const objects = join(tree, "..", name);
  const config = join(objects, `${name}.config`);
  await mkdir(objects, { recursive: true });
  await writeFile(config, await mergedConfig(fragments));
  return { ...guestKernel(tree), objects, config, arch };
}

/** The guest's own root file system, for a kernel that is to boot where no initrd can be given. */
async function withGuest(build: KernelBuild): Promise<KernelBuild> {
  const programs = join(build.objects, "guest");
  const list = join(build.objects, "guest.list");
  await buildPrograms(await installHeaders(build), programs);
  const template = await readFile(join(ROOT, "guest/initramfs.list"), "utf8");
  await writeFile(
    list,
    template.replaceAll("@PROGRAMS@", programs).replaceAll("@GUEST@", join(ROOT, "guest")),
  );
  return {
    ...build,
    extra: [`CONFIG_INITRAMFS_SOURCE="${list}"`, "CONFIG_INITRAMFS_COMPRESSION_NONE=y"],
  };
}

export class TestKernel {
  readonly build: KernelBuild;
  /** The bzImage. */
  readonly image: string;
  readonly #hardware: Hardware;
  /** The folder of its uapi headers, once they are installed. */
  #headers: Promise<string> | undefined;

  private constructor(build: KernelBuild, image: string, hardware: Hardware) {
    this.build = build;
    this.image = image;
    this.#hardware = hardware;
  }

  static async #built(build: KernelBuild, label: string, hardware: Hardware): Promise<TestKernel> {
    const image = await buildKernel(build, label);
    await make(build, ["modules"]);
    return new TestKernel(build, image, hardware);
  }

  /** The guest's kernel with what the tests need; boots in v86 as well, with the guest's programs. */
  static async test(): Promise<TestKernel> {
    const plain = await described("test", ["guest.config", "test.config"], "i386");
    await configure(plain);
    const build = await withGuest(plain);
    await configure(build);
    return TestKernel.#built(build, "test kernel", OLD_PC);
  }

  /** 64 bits, two processors, and every check that the kernel has. */
  static async debug(): Promise<TestKernel> {
    const build = await described("debug", ["debug.config"], "x86_64");
    await configure(build);
    return TestKernel.#built(build, "debug kernel", TWO_PROCESSORS);
  }

  /** The test kernel with its ddlink counting the lines and branches that it runs. */
  static async coverage(objects: readonly string[]): Promise<TestKernel> {
    const build = await described("coverage", ["guest.config", "test.config", "coverage.config"], "i386");
    await configure(build);
    const counted = objects.map((name) => `GCOV_PROFILE_${name}=y`);
    await make(build, ["bzImage", "modules", ...counted]);
    return new TestKernel(build, join(build.objects, "arch/x86/boot/bzImage"), OLD_PC);
  }

  async #output(name: string): Promise<string> {
    const folder = join(this.build.objects, "programs");
    await mkdir(folder, { recursive: true });
    return join(folder, name);
  }

  #installedHeaders(): Promise<string> {
    this.#headers ??= installHeaders(this.build);
    return this.#headers;
  }

  /** Compiles a 32-bit program; sources are relative to the repository, or absolute. */
  async program(
    name: string,
    sources: readonly string[],
    flags: readonly string[] = [],
  ): Promise<InitramfsFile> {
    const output = await this.#output(name);
    const tools = await toolchain(await this.#installedHeaders());
    await tools.compile(sources, output, ["-O2", ...flags]);
    return { name, mode: EXECUTABLE, data: await readFile(output) };
  }

  /** Compiles a 64-bit program with the machine's own C library. */
  async program64(
    name: string,
    sources: readonly string[],
    flags: readonly string[] = [],
  ): Promise<InitramfsFile> {
    const output = await this.#output(name);
    const headers = await this.#installedHeaders();
    const options = ["-O2", "-static", "-std=gnu11", "-Wall", ...flags, "-isystem", headers];
    await run("gcc", [...options, ...sources, "-o", output, "-lpthread"], { cwd: ROOT });
    return { name, mode: EXECUTABLE, data: await readFile(output) };
  }

  /** What QEMU needs to boot it. */
  get boot(): Hardware & { readonly kernel: string } {
    return { kernel: this.image, ...this.#hardware };
  }

  /** To be loaded before any program runs. */
  modules(): Promise<InitramfsFile[]> {
    return Promise.all(
      MODULES.map(async (path) => ({
        name: basename(path),
        mode: READABLE,
        data: await readFile(join(this.build.objects, path)),
      })),
    );
  }

  /** Boots, runs the programs one after the other, and returns all that the console said. */
  async run(programs: readonly Program[], timeoutMs: number): Promise<string> {
    const init = await this.program("init", ["test/guest/ddlink/init.c"]);
    const all = [init, ...(await this.modules()), ...programs.map(({ file }) => file)];
    const files = new Map(all.map((file) => [file.name, file]));
    const { console } = await bootQemu({
      ...this.boot,
      files: [...files.values()],
      init: "/init",
      programs: programs.map(({ file, args = [] }) => [`/${file.name}`, ...args].join(",")),
      disks: [],
      timeoutMs,
    });
    return console;
  }
}
