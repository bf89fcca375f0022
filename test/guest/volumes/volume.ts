// SPDX-License-Identifier: MIT
// The volumes of test/volumes: unpacked images with the manifests of what must be found in each.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Manifest, parseManifest } from "./Manifest.ts";

const FOLDER = fileURLToPath(new URL("../../volumes", import.meta.url));
const SECTOR = 512;
const LARGEST_IMAGE = 256 << 20;

export interface Volume {
  readonly name: string;
  readonly manifest: Manifest;
  /** Cut to whole sectors, which is all that a disk can have. */
  readonly image: Buffer;
}

export const VOLUME_NAMES: readonly string[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".img.xz"))
  .map((file) => file.slice(0, -".img.xz".length))
  .sort();

export async function loadVolume(name: string): Promise<Volume> {
  const packed = join(FOLDER, `${name}.img.xz`);
  const options = { encoding: "buffer", maxBuffer: LARGEST_IMAGE } as const;
  const { stdout } = await promisify(execFile)("xz", ["-dc", packed], options);
  const manifest = parseManifest(await readFile(join(FOLDER, `${name}.json`), "utf8"));
  const hash = createHash("sha256").update(stdout).digest("hex");
  if (hash !== manifest.image_sha256) throw new Error(`${packed} is not the image of its manifest: ${hash}`);
  return { name, manifest, image: stdout.subarray(0, stdout.length - (stdout.length % SECTOR)) };
}
