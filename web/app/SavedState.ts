// SPDX-License-Identifier: MIT
// The saved state of the guest: inflated here while it loads, because the worker is busy building the emulator.

import type { SavedStateFile } from "./Plan.ts";

export class SavedState {
  readonly file: SavedStateFile;
  readonly data: Promise<Uint8Array>;
  /** Called as it comes in, with the bytes of the file that are inflated (in proportion: asking the file costs more). */
  onProgress: (loaded: number) => void = () => {};

  constructor(file: SavedStateFile, answer: Promise<Response>) {
    this.file = file;
    this.data = this.#load(answer);
    this.data.catch(() => undefined); // told to whoever takes it
  }

  async #load(answer: Promise<Response>): Promise<Uint8Array> {
    const response = await answer;
    if (!response.ok || !response.body)
      throw new Error(`the saved state could not be loaded: ${response.url} answers ${response.status}`);
    const { size, bytes } = this.file;
    const inflated = response.body.pipeThrough(new DecompressionStream("gzip"));
    return collected(inflated, bytes, (done) => this.onProgress(Math.round(size * (done / bytes))));
  }
}

/** All of it in one block; `bytes` is what the list of images says it has. */
async function collected(
  stream: ReadableStream<Uint8Array>,
  bytes: number,
  onProgress: (done: number) => void,
): Promise<Uint8Array> {
  const all = new Uint8Array(bytes);
  let at = 0;
  for (const reader = stream.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    if (at + value.length > bytes) throw new Error("the saved state is longer than its list says");
    all.set(value, at);
    at += value.length;
    onProgress(at);
  }
  if (at < bytes) throw new Error(`the saved state is cut off: ${at} of ${bytes} bytes are there`);
  return all;
}
