// SPDX-License-Identifier: MIT
// What there is to start the guest from: a saved state, if the build made one, else the images that the manifest names.
// What belongs to a saved state is said beside it, so that one short answer is enough to begin. All addresses are
// relative to the page.

import * as v from "valibot";
import { parseManifest } from "../base/ImagesManifest.ts";
import type { Asset, MachineStart } from "../machine/Machine.ts";

export const FOLDER = "images/";
/** Without an answer the page's files are not being served. */
const ANSWER_MS = 30_000;

const CheckpointSchema = v.object({
  size: v.number(),
  kernelSha256: v.string(),
  volumeSha256: v.string(),
});

/** `checkpoint.json` (web/cli/checkpoint.ts): how many bytes the saved state has as a file, and what it belongs to. */
export type SavedStateInfo = v.InferOutput<typeof CheckpointSchema>;

/**
 * Null when the guest has to boot. A development server answers what it does not have with a page, so anything
 * unreadable means: none.
 */
export async function readSavedStateInfo(): Promise<SavedStateInfo | null> {
  const response = await answer("checkpoint.json");
  if (!response.ok) return null;
  const parsed = v.safeParse(CheckpointSchema, await response.json().catch(() => null));
  return parsed.success ? parsed.output : null;
}

/** A boot of the images. */
export async function readColdStart(): Promise<MachineStart> {
  const response = await answer("manifest.json");
  const { url, status } = response;
  if (!response.ok)
    throw new Error(`The list of images is missing (${url} answers ${status}): run “npm run images”.`);
  try {
    const { files } = parseManifest(await response.json());
    const image = (name: string): Asset => {
      const file = files[name];
      if (!file) throw new Error(`it has no ${name}`);
      return { url: `${FOLDER}${name}`, bytes: file.size, sha256: file.sha256 };
    };
    return { kernel: image("bzImage"), volume: image("tux3.img") };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`The list of images (${url}) is not readable (${why}): run “npm run images” again.`);
  }
}

function answer(name: string): Promise<Response> {
  return fetch(`${FOLDER}${name}`, { signal: AbortSignal.timeout(ANSWER_MS) });
}
