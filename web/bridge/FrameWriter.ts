// SPDX-License-Identifier: MIT
import type { ByteChannel } from "../base/ByteChannel.ts";

/** As much as a stream's credit: the line is busy until more comes, and does not wait for us after each frame. */
const BATCH_BYTES = 262144;

/** Writes frames to the channel one batch after the other, in the order in which they came. */
export class FrameWriter {
  readonly #channel: ByteChannel;
  readonly #failed: (error: unknown) => void;
  readonly #closing = new AbortController();
  #queue: Uint8Array[] = [];
  #writing: Promise<void> | undefined;

  constructor(channel: ByteChannel, failed: (error: unknown) => void) {
    this.#channel = channel;
    this.#failed = failed;
  }

  send(frame: Uint8Array): void {
    this.#queue.push(frame);
    this.#writing ??= this.#write();
  }

  /** Nothing waits for the channel. */
  get idle(): boolean {
    return this.#writing === undefined;
  }

  /** When everything sent so far has been taken over by the channel (or forgotten). */
  async drained(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  /** Forgets what has not been handed to the channel yet. */
  clear(): void {
    this.#queue = [];
  }

  close(): void {
    this.clear();
    this.#closing.abort();
  }

  async #write(): Promise<void> {
    try {
      await Promise.resolve(); // frames of the same moment go together
      while (this.#queue.length > 0)
        await this.#channel.write(this.#takeBatch(), { signal: this.#closing.signal });
    } catch (error) {
      this.clear();
      if (!this.#closing.signal.aborted) this.#failed(error);
    } finally {
      this.#writing = undefined;
    }
  }

  #takeBatch(): Uint8Array {
    let count = 0;
    let bytes = 0;
    while (count < this.#queue.length && (count === 0 || bytes < BATCH_BYTES))
      bytes += this.#queue[count++]?.length ?? 0;
    const batch = new Uint8Array(bytes);
    let at = 0;
    for (const frame of this.#queue.splice(0, count)) {
      batch.set(frame, at);
      at += frame.length;
    }
    return batch;
  }
}
