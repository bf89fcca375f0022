// SPDX-License-Identifier: MIT
// What there is to start the guest from: the images that the manifest names, and a checkpoint if the build made
// one of these very images. All addresses are relative to the page.

import * as v from "valibot";
import { type Manifest, parseManifest } from "../base/ImagesManifest.ts";
import type { Asset, MachineStart } from "../machine/Machine.ts";

export const FOLDER = "images/";
/** Without an answer the page's files are not being served. */
const PLAN_MS = 30_000;

const CheckpointSchema = v.object({
  size: v.number(),
  bytes: v.number(),
  sha256: v.string(),
  kernelSha256: v.string(),
  volumeSha256: v.string(),
});

/** A saved state as it lies beside the images. */
export interface SavedStateFile {
  /** Size of the file, compressed. */
  readonly size: number;
  readonly bytes: number;
}

export interface Plan {
  readonly cold: MachineStart & { readonly volume: Asset & { readonly sha256: string } };
  /** Null with the reason, in a sentence, when the guest has to boot. */
  readonly checkpoint: SavedStateFile | null;
  readonly why: string;
}

export async function readPlan(signal = AbortSignal.timeout(PLAN_MS)): Promise<Plan> {
  const [manifest, checkpoint] = await Promise.all([readManifest(signal), readCheckpoint(signal)]);
  const kernel = image(manifest, "bzImage");
  const volume = image(manifest, "tux3.img");
  const cold = { kernel, volume };
  if (!checkpoint)
    return {
      cold,
      checkpoint: null,
      why: "There is no saved state of this guest, so Linux boots from its beginning.",
    };
  if (checkpoint.kernelSha256 !== kernel.sha256 || checkpoint.volumeSha256 !== volume.sha256) {
    return {
      cold,
      checkpoint: null,
      why: "The saved state belongs to other images, so Linux boots from its beginning.",
    };
  }
  const { size, bytes } = checkpoint;
  return { cold, checkpoint: { size, bytes }, why: "" };
}

async function readManifest(signal: AbortSignal): Promise<Manifest> {
  const url = `${FOLDER}manifest.json`;
  const response = await fetch(url, { signal });
  if (!response.ok)
    throw new Error(
      `The list of images is missing (${url} answers ${response.status}): run “npm run images”.`,
    );
  try {
    return parseManifest(await response.json());
  } catch {
    throw new Error(`The list of images (${url}) is not readable: run “npm run images” again.`);
  }
}

/** A development server answers what it does not have with a page, so anything unreadable means: none. */
async function readCheckpoint(signal: AbortSignal): Promise<v.InferOutput<typeof CheckpointSchema> | null> {
  const response = await fetch(`${FOLDER}checkpoint.json`, { signal });
  if (!response.ok) return null;
  const parsed = v.safeParse(CheckpointSchema, await response.json().catch(() => null));
  return parsed.success ? parsed.output : null;
}

function image(manifest: Manifest, name: string): Asset & { sha256: string } {
  const file = manifest.files[name];
  if (!file) throw new Error(`The list of images has no ${name}: run “npm run images”.`);
  return { url: `${FOLDER}${name}`, bytes: file.size, sha256: file.sha256 };
}
