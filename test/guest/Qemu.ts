// SPDX-License-Identifier: MIT
// One boot of a kernel in QEMU (software emulation), from power-on until the guest resets itself.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type InitramfsFile, initramfs } from "./Initramfs.ts";

const MEMORY_MIB = 64;
const ERROR_TAIL = 2000;

export const KERNEL = fileURLToPath(new URL("../../images/bzImage", import.meta.url));

export interface QemuBoot {
  /** Path of the bzImage; default: the committed one. */
  readonly kernel?: string;
  readonly memoryMiB?: number;
  /** Default: a 32-bit PC with one processor. */
  readonly emulator?: "qemu-system-i386" | "qemu-system-x86_64";
  readonly processors?: number;
  /** Arguments of the first program. */
  readonly programs?: readonly string[];
  /** Put over the kernel's own root file system. */
  readonly files: readonly InitramfsFile[];
  /** Path of the first program. */
  readonly init: string;
  /** Images of the IDE disks sda and sdb; what the guest writes to them is thrown away. */
  readonly disks: readonly string[];
  readonly timeoutMs: number;
}

export interface QemuOutput {
  /** ttyS0: the kernel's messages. */
  readonly console: string;
  /** ttyS1: what the test program wrote. */
  readonly port: string;
}

function qemuArguments(boot: QemuBoot, folder: string): string[] {
  const append = `console=ttyS0 panic=-1 oops=panic rdinit=${boot.init} -- ${(boot.programs ?? []).join(" ")}`;
  const disks = boot.disks.flatMap((file, i) => [
    "-drive",
    `file=${file},format=raw,if=ide,index=${i},snapshot=on`,
  ]);
  return [
    ...["-smp", `${boot.processors ?? 1}`],
    ...["-nodefaults", "-display", "none", "-no-reboot", "-m", `${boot.memoryMiB ?? MEMORY_MIB}`],
    ...["-kernel", boot.kernel ?? KERNEL, "-initrd", join(folder, "initrd"), "-append", append],
    ...["-serial", `file:${join(folder, "console")}`, "-serial", `file:${join(folder, "port")}`],
    ...disks,
  ];
}

/** Runs QEMU to its end. Resolves with what went wrong, if anything. */
function runQemu(emulator: string, args: readonly string[], timeoutMs: number): Promise<string | undefined> {
  const child = spawn(emulator, args, { stdio: ["ignore", "ignore", "pipe"] });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint += text;
  });
  return new Promise((done) => {
    const timer = setTimeout(() => {
      complaint = `the guest did not end within ${timeoutMs} ms`;
      child.kill("SIGKILL");
    }, timeoutMs);
    child.on("error", (error) => done(`${emulator} cannot be started: ${error.message}`));
    child.on("close", (code) => {
      clearTimeout(timer);
      done(code === 0 ? undefined : complaint || `QEMU ended with ${code}`);
    });
  });
}

async function readOutput(folder: string): Promise<QemuOutput> {
  const [console, port] = await Promise.all(
    ["console", "port"].map((name) => readFile(join(folder, name), "utf8").catch(() => "")),
  );
  return { console: console ?? "", port: port ?? "" };
}

/** Boots a kernel and returns what it said on both ports. */
export async function bootQemu(boot: QemuBoot): Promise<QemuOutput> {
  const folder = await mkdtemp(join(tmpdir(), "ddlab-qemu-"));
  try {
    await writeFile(join(folder, "initrd"), initramfs(boot.files));
    const wrong = await runQemu(
      boot.emulator ?? "qemu-system-i386",
      qemuArguments(boot, folder),
      boot.timeoutMs,
    );
    const output = await readOutput(folder);
    if (!wrong) return output;
    const tail = `${output.console.slice(-ERROR_TAIL)}\n--- ttyS1:\n${output.port.slice(-ERROR_TAIL)}`;
    throw new Error(`${wrong}. The guest's last words:\n${tail}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
