// SPDX-License-Identifier: MIT
// A guest in this process: the committed images, booted cold until the agent answers.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { IMAGES } from "../../kernel/build/paths.ts";
import { type Manifest, parseManifest } from "../base/ImagesManifest.ts";
import { connect, type Guest } from "../bridge/Guest.ts";
import type { Machine, MachineStart } from "../machine/Machine.ts";
import { openMachine } from "../machine/openInNode.ts";

const BOOT_DEADLINE_MS = 120_000;

export async function readImagesManifest(): Promise<Manifest> {
  return parseManifest(JSON.parse(await readFile(join(IMAGES, "manifest.json"), "utf8")));
}

/** What a machine starts from, with the hashes that checkpoints are bound to. */
export async function coldStart(): Promise<MachineStart> {
  const { files } = await readImagesManifest();
  const asset = async (name: string) => {
    const data = new Uint8Array(await readFile(join(IMAGES, name)));
    const sha256 = files[name]?.sha256;
    return sha256 ? { data, sha256 } : { data };
  };
  return { kernel: await asset("bzImage"), volume: await asset("tux3.img") };
}

/** A running machine and the guest in it. */
export class BootedGuest implements AsyncDisposable {
  readonly machine: Machine;
  readonly guest: Guest;

  private constructor(machine: Machine, guest: Guest) {
    this.machine = machine;
    this.guest = guest;
  }

  /** Boots unpaced. Everything about it is repeatable: the same images give the same bytes. */
  static async boot(start?: MachineStart): Promise<BootedGuest> {
    const machine = await openMachine(start ?? (await coldStart()));
    try {
      await machine.run({ pace: "none" });
      const running = () => machine.state.kind === "running";
      let nonce = 1;
      const guest = await connect(machine.bridge, {
        awaitHello: true,
        running,
        heartbeatMs: 0,
        nonce: () => nonce++,
        connectMs: BOOT_DEADLINE_MS,
      });
      return new BootedGuest(machine, guest);
    } catch (error) {
      await machine[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.guest[Symbol.asyncDispose]();
    await this.machine[Symbol.asyncDispose]();
  }
}
