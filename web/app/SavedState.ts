// SPDX-License-Identifier: MIT
// The saved state of the guest on its way, compressed: the worker inflates it straight into the guest's memory.

import { readBody } from "../base/readBody.ts";

export class SavedState {
  /** Of the file, in bytes. */
  readonly size: number;
  readonly data: Promise<Uint8Array>;
  /** Called as it comes in, with the bytes of each piece. */
  onBytes: (bytes: number) => void = () => {};

  constructor(size: number, answer: Promise<Response>) {
    this.size = size;
    this.data = this.#load(answer);
    this.data.catch(() => undefined); // told to whoever takes it
  }

  async #load(answer: Promise<Response>): Promise<Uint8Array> {
    const response = await answer;
    if (!response.ok || !response.body)
      throw new Error(`the saved state could not be loaded: ${response.url} answers ${response.status}`);
    return readBody(response.body, (bytes) => this.onBytes(bytes));
  }
}
