// SPDX-License-Identifier: MIT
// A kernel built for the tests of ddlink, and QEMU to run test programs in.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import {
  buildKernel,
  configure,
  guestKernel,
  installHeaders,
  type KernelBuild,
} from "../../../kernel/build/kernel.ts";
import { ROOT } from "../../../kernel/build/paths.ts";
import { toolchain } from "../../../kernel/build/programs.ts";
import { kernelSource } from "../../../kernel/build/source.ts";
import { kernelTree } from "../../../kernel/build/tree.ts";
import type { InitramfsFile } from "../Initramfs.ts";
import { bootQemu } from "../Qemu.ts";

const MEMORY_MIB = 256;
/** The kernel's test harness is not clean under the project's own warnings. */
const HARNESS_FLAGS = ["extra", "sign-compare", "unused-parameter", "clobbered", "pointer-to-int-cast"].map(
  (name) => `-Wno-${name}`,
);

/** The guest's fragment with the test's on top: a later setting replaces an earlier one of the same name. */
async function mergedConfig(): Promise<string> {
  const settings = new Map<string, string>();
  for (const name of ["guest.config", "test.config"])
    for (const line of (await readFile(join(ROOT, "kernel/config", name), "utf8")).split("\n"))
      if (line.startsWith("CONFIG_")) settings.set(line.split("=")[0] ?? line, line);
  return `${[...settings.values()].join("\n")}\n`;
}

export class TestMachine {
  readonly #build: KernelBuild;
  readonly #kernel: string;

  private constructor(build: KernelBuild, kernel: string) {
    this.#build = build;
    this.#kernel = kernel;
  }

  /** Builds the kernel, or what changed of it. */
  static async build(): Promise<TestMachine> {
    const tree = await kernelTree(await kernelSource());
    const objects = join(tree, "../test");
    await mkdir(objects, { recursive: true });
    const config = join(objects, "test.config");
    await writeFile(config, await mergedConfig());
    const build = { ...guestKernel(tree), objects, config };
    await configure(build);
    return new TestMachine(build, await buildKernel(build, "test kernel"));
  }

  async #compile(source: string, flags: readonly string[] = []): Promise<InitramfsFile> {
    const name = basename(source, ".c");
    const folder = join(this.#build.objects, "programs");
    await mkdir(folder, { recursive: true });
    const output = join(folder, name);
    const tools = await toolchain(await installHeaders(this.#build));
    await tools.compile([source], output, flags);
    return { name, mode: 0o755, data: await readFile(output) };
  }

  /** Compiles a program of the kernel's own tools/testing/selftests. */
  selftest(path: string): Promise<InitramfsFile> {
    return this.#compile(join(this.#build.tree, "tools/testing/selftests", path), HARNESS_FLAGS);
  }

  /** Boots, runs the programs one after the other, and returns all that the console said. */
  async run(programs: readonly InitramfsFile[], timeoutMs: number): Promise<string> {
    const init = await this.#compile(join(ROOT, "test/guest/ddlink/init.c"));
    const { console } = await bootQemu({
      kernel: this.#kernel,
      memoryMiB: MEMORY_MIB,
      files: [init, ...programs],
      init: "/init",
      programs: programs.map(({ name }) => `/${name}`),
      disks: [],
      timeoutMs,
    });
    return console;
  }
}
