// SPDX-License-Identifier: MIT
// Boots the guest once and saves its state, so that the page need not boot. It is saved while the monitor watches, and the
// session with it: to begin another, and to attach the monitor's probes to the kernel, would be most of what is done before
// a program runs.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BootedGuest, readImagesManifest } from "./bootGuest.ts";

/** Writes `checkpoint.bin` (gzip) and `checkpoint.json` (what it is and belongs to) into `folder`. */
export async function saveCheckpoint(folder: string): Promise<{ readonly size: number }> {
  const { files } = await readImagesManifest();
  const booted = await BootedGuest.boot();
  try {
    const events = await booted.guest.events();
    await booted.machine.pause(); // nothing may come between the two
    const session = booted.guest.save(events);
    const compressed = await booted.machine.checkpoint();
    const about = {
      size: compressed.length,
      session,
      kernelSha256: files.bzImage?.sha256 ?? "",
      volumeSha256: files["tux3.img"]?.sha256 ?? "",
    };
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "checkpoint.bin"), compressed);
    await writeFile(join(folder, "checkpoint.json"), JSON.stringify(about));
    return about;
  } finally {
    await booted[Symbol.asyncDispose]();
  }
}
