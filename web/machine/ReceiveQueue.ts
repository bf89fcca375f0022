// SPDX-License-Identifier: MIT
/**
 * Bytes on their way into an emulated UART, in place of the plain array that v86 keeps there: v86 calls `push`,
 * `shift` and `length` only, and here none of them moves the other bytes.
 */
export class ReceiveQueue {
  #bytes = new Uint8Array(0);
  #next = 0;

  get length(): number {
    return this.#bytes.length - this.#next;
  }

  /** For the UART's loopback mode: one byte at a time. */
  push(byte: number): void {
    this.append(Uint8Array.of(byte));
  }

  append(bytes: Uint8Array): void {
    const held = this.#bytes.subarray(this.#next);
    const joined = new Uint8Array(held.length + bytes.length);
    joined.set(held);
    joined.set(bytes, held.length);
    this.#bytes = joined;
    this.#next = 0;
  }

  /** The next byte; 0 when there is none, as a UART gives. */
  shift(): number {
    return this.#next < this.#bytes.length ? (this.#bytes[this.#next++] ?? 0) : 0;
  }

  toBytes(): Uint8Array {
    return this.#bytes.slice(this.#next);
  }
}
