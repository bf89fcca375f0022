// SPDX-License-Identifier: MIT
// Finds a kernel panic in what the console prints. Text comes in pieces, so the end of the last line is kept.

const PANIC = /Kernel panic - not syncing: ([^\r\n]*)[\r\n]/;
/** Longer than any line the kernel prints. */
const KEPT = 2048;

export class PanicWatch {
  /** The kernel's own words, once it has panicked. */
  reason: string | null = null;
  #tail = "";
  readonly #decoder = new TextDecoder();

  /** The reason, when this piece completes a panic's line. */
  push(bytes: Uint8Array): string | null {
    if (this.reason !== null) return null;
    this.#tail = (this.#tail + this.#decoder.decode(bytes, { stream: true })).slice(-KEPT);
    this.reason = PANIC.exec(this.#tail)?.[1]?.trim() ?? null;
    return this.reason;
  }
}
