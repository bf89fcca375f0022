// SPDX-License-Identifier: MIT
/** Takes bytes in their order, from a block or as a stream brings them; what is taken is copied once. */
export class ByteReader {
  readonly #what: string;
  readonly #stream: ReadableStreamDefaultReader<Uint8Array> | null;
  /** What has come and is not taken yet. */
  #rest: Uint8Array;

  /** `what`: for the error. */
  constructor(what: string, source: Uint8Array | ReadableStream<Uint8Array>) {
    this.#what = what;
    this.#stream = source instanceof Uint8Array ? null : source.getReader();
    this.#rest = source instanceof Uint8Array ? source : new Uint8Array(0);
  }

  async take(length: number): Promise<Uint8Array<ArrayBuffer>> {
    const taken = new Uint8Array(length);
    await this.takeInto(taken);
    return taken;
  }

  async takeInto(target: Uint8Array): Promise<void> {
    for (let at = 0; at < target.length; ) {
      if (this.#rest.length === 0 && !(await this.#more()))
        throw new Error(`the ${this.#what} is cut off: ${target.length - at} more bytes were expected`);
      const part = this.#rest.subarray(0, target.length - at);
      target.set(part, at);
      this.#rest = this.#rest.subarray(part.length);
      at += part.length;
    }
  }

  /** Throws if there is more. */
  async end(): Promise<void> {
    if (this.#rest.length > 0 || (await this.#more()))
      throw new Error(`the ${this.#what} is longer than it says`);
  }

  /** Nothing more is wanted: whoever sends need not wait. */
  async cancel(): Promise<void> {
    await this.#stream?.cancel().catch(() => undefined);
  }

  /** False at the end. */
  async #more(): Promise<boolean> {
    const next = await this.#stream?.read().catch((error: unknown) => {
      throw new Error(`the ${this.#what} is damaged: ${error instanceof Error ? error.message : error}`);
    });
    if (!next?.value) return false;
    this.#rest = next.value;
    return this.#rest.length > 0 || this.#more();
  }
}
