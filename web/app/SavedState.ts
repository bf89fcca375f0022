// SPDX-License-Identifier: MIT
// The saved state of the guest: inflated here while it loads, because the worker is busy building the emulator. For that it
// has to be told first, and the browser needs this thread until a worker gets its first message: up to then the thread is
// given up every few milliseconds, and afterwards kept, for the page's own work can wait.

import { nextTurn } from "../machine/nextTurn.ts";
import type { SavedStateFile } from "./Plan.ts";

/** The thread is kept for so long at first. */
const HOLD_MS = 4;
const PIECE_BYTES = 1 << 16;

export class SavedState {
  readonly file: SavedStateFile;
  readonly data: Promise<Uint8Array>;
  /** Called as it comes in, with the bytes of the file that are inflated (in proportion: asking the file costs more). */
  onProgress: (loaded: number) => void = () => {};

  #begun = false;
  /** Since when the thread has been kept. */
  #held = 0;

  constructor(file: SavedStateFile, answer: Promise<Response>) {
    this.file = file;
    this.data = this.#load(answer);
    this.data.catch(() => undefined); // told to whoever takes it
  }

  /** The worker has got its first message. */
  begun(): void {
    this.#begun = true;
  }

  async #load(answer: Promise<Response>): Promise<Uint8Array> {
    const response = await answer;
    if (!response.ok || !response.body)
      throw new Error(`the saved state could not be loaded: ${response.url} answers ${response.status}`);
    const { size, bytes } = this.file;
    const inflated = response.body.pipeThrough(inPieces()).pipeThrough(new DecompressionStream("gzip"));
    this.#held = performance.now();
    return collected(inflated, bytes, (done) => {
      this.onProgress(Math.round(size * (done / bytes)));
      return this.#giveWay();
    });
  }

  async #giveWay(): Promise<void> {
    if (this.#begun || performance.now() - this.#held < HOLD_MS) return;
    await nextTurn();
    this.#held = performance.now();
  }
}

/** A browser inflates what it is given in one go: megabytes, if they have come. */
function inPieces(): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  return new TransformStream({
    transform(bytes, controller) {
      for (let at = 0; at < bytes.length; at += PIECE_BYTES)
        controller.enqueue(bytes.subarray(at, at + PIECE_BYTES));
    },
  });
}

/** All of it in one block; `bytes` is what the list of images says it has. */
async function collected(
  stream: ReadableStream<Uint8Array>,
  bytes: number,
  onProgress: (done: number) => Promise<void>,
): Promise<Uint8Array> {
  const all = new Uint8Array(bytes);
  let at = 0;
  for (const reader = stream.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    if (at + value.length > bytes) throw new Error("the saved state is longer than its list says");
    all.set(value, at);
    at += value.length;
    await onProgress(at);
  }
  if (at < bytes) throw new Error(`the saved state is cut off: ${at} of ${bytes} bytes are there`);
  return all;
}
