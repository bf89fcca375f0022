// SPDX-License-Identifier: MIT
/** The host's end of a serial port: what waits to be fed to the guest, and who listens to what it sends. */
import type { ByteChannel } from "../base/ByteChannel.ts";
import { Sha256 } from "../base/Sha256.ts";

/**
 * Fed at a time: what fits a terminal's buffer (4,096 bytes) before its driver stops the line (128 bytes before the
 * end), so that the guest takes all of it in one go. 128 KiB would make the driver give up on the interrupt.
 */
const FEED_BYTES = 3840;

interface PendingWrite {
  rest: Uint8Array;
  readonly settle: (error?: Error) => void;
}

export class HostPort implements ByteChannel {
  readonly #name: string;
  readonly #onInput: () => void;
  readonly #listeners = new Set<(bytes: Uint8Array) => void>();
  #pending: PendingWrite[] = [];
  #closed: Error | undefined;
  /** Of all output since power-on. */
  output = new Sha256();

  /** `onInput` is called when there is something to feed. */
  constructor(name: string, onInput: () => void) {
    this.#name = name;
    this.#onInput = onInput;
  }

  write(bytes: Uint8Array, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(this.#closed);
      if (signal?.aborted) return reject(signal.reason);
      if (bytes.length === 0) return resolve();
      const abort = () => {
        this.#pending = this.#pending.filter((one) => one !== write);
        reject(signal?.reason);
      };
      const settle = (error?: Error) => {
        signal?.removeEventListener("abort", abort);
        error ? reject(error) : resolve();
      };
      const write: PendingWrite = { rest: bytes.slice(), settle };
      signal?.addEventListener("abort", abort, { once: true });
      this.#pending.push(write);
      this.#onInput();
    });
  }

  subscribe(listener: (bytes: Uint8Array) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get hasInput(): boolean {
    return this.#pending.length > 0;
  }

  /** The next bytes to feed; the writes that end with them are settled. */
  takeInput(): Uint8Array<ArrayBuffer> {
    const batch = new Uint8Array(FEED_BYTES);
    let length = 0;
    for (let write = this.#pending[0]; write && length < FEED_BYTES; write = this.#pending[0]) {
      const part = write.rest.subarray(0, FEED_BYTES - length);
      batch.set(part, length);
      length += part.length;
      write.rest = write.rest.subarray(part.length);
      if (write.rest.length > 0) break;
      this.#pending.shift();
      write.settle();
    }
    return batch.slice(0, length);
  }

  deliver(bytes: Uint8Array): void {
    this.output.update(bytes);
    for (const listener of this.#listeners) listener(bytes);
  }

  /** Refuses what waits and all that follows. */
  close(why: string): void {
    this.#closed = new Error(`the ${this.#name} port is closed: ${why}`);
    for (const write of this.#pending) write.settle(this.#closed);
    this.#pending = [];
  }
}
