// SPDX-License-Identifier: MIT
// What there is to start the guest from: the images that the page was built with, and a saved state if the build made
// one. All addresses are relative to the page.

import * as v from "valibot";
import { files } from "../../images/manifest.json";
import { SavedSessionSchema } from "../bridge/SavedSession.ts";
import type { MachineStart } from "../machine/Machine.ts";

const FOLDER = "images/";
export const SAVED_STATE = `${FOLDER}checkpoint.bin`;
export const VOLUME = `${FOLDER}tux3.img`;
/** Without an answer the page's files are not being served. */
const ANSWER_MS = 30_000;

/** A boot. */
export const COLD_START = {
  kernel: { url: `${FOLDER}bzImage`, bytes: files.bzImage.size, sha256: files.bzImage.sha256 },
  volume: { url: VOLUME, bytes: files["tux3.img"].size, sha256: files["tux3.img"].sha256 },
} satisfies MachineStart;

/** The same from a saved state. The kernel is compared and not loaded. */
export function warmStart(volume: Promise<Uint8Array>, savedState: Promise<Uint8Array>): MachineStart {
  const { kernel, volume: image } = COLD_START;
  return { kernel, volume: { coming: volume, sha256: image.sha256 }, checkpoint: { coming: savedState } };
}

const SavedStateSchema = v.object({
  /** Bytes of its file. */
  size: v.number(),
  kernelSha256: v.string(),
  volumeSha256: v.string(),
  /** With the guest's agent, of the moment when it was saved. */
  session: SavedSessionSchema,
});

export type SavedState = v.InferOutput<typeof SavedStateSchema>;

/** The saved state of these images; else a sentence on why the guest has to boot. */
export async function savedState(signal: AbortSignal): Promise<SavedState | string> {
  const response = await fetch(`${FOLDER}checkpoint.json`, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
  });
  // A development server answers what it does not have with a page, so anything unreadable means: none.
  const answer: unknown = response.ok ? await response.json().catch(() => null) : null;
  const parsed = v.safeParse(SavedStateSchema, answer);
  if (!parsed.success) return "There is no saved state of this guest, so Linux boots from its beginning.";
  const { kernelSha256, volumeSha256 } = parsed.output;
  if (kernelSha256 === COLD_START.kernel.sha256 && volumeSha256 === COLD_START.volume.sha256)
    return parsed.output;
  return "The saved state belongs to other images, so Linux boots from its beginning.";
}
