// SPDX-License-Identifier: MIT
/**
 * SHA-256 (FIPS 180-4) of a stream of bytes. WebCrypto has no incremental digest, is asynchronous, and is
 * missing where a page was loaded without TLS; and of this one, the half-way state can be saved.
 */
const BLOCK = 64;

/** The first 32 bits of the fractional parts of `root` of the first `count` primes. */
function fractions(count: number, root: (prime: number) => number): Int32Array {
  const words: number[] = [];
  for (let n = 2; words.length < count; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) prime &&= n % d !== 0;
    if (prime) words.push((root(n) % 1) * 2 ** 32);
  }
  return Int32Array.from(words.map((word) => Math.floor(word) | 0));
}

const K = fractions(64, Math.cbrt);
const H = fractions(8, Math.sqrt);
const W = new Int32Array(64);

export interface Sha256State {
  readonly words: number[];
  readonly rest: number[];
  readonly length: number;
}

export class Sha256 {
  readonly #hash = Int32Array.from(H);
  readonly #block = new Uint8Array(BLOCK);
  #length = 0;

  static of(bytes: Uint8Array): string {
    return new Sha256().update(bytes).hex();
  }

  static resume(state: Sha256State): Sha256 {
    const sha = new Sha256();
    sha.#hash.set(state.words);
    sha.#block.set(state.rest);
    sha.#length = state.length;
    return sha;
  }

  /** Bytes so far. */
  get length(): number {
    return this.#length;
  }

  get state(): Sha256State {
    const rest = [...this.#block.subarray(0, this.#length % BLOCK)];
    return { words: [...this.#hash], rest, length: this.#length };
  }

  update(bytes: Uint8Array): this {
    let from = 0;
    const held = this.#length % BLOCK;
    this.#length += bytes.length;
    if (held > 0) {
      from = Math.min(BLOCK - held, bytes.length);
      this.#block.set(bytes.subarray(0, from), held);
      if (held + from < BLOCK) return this;
      compress(this.#hash, this.#block, 0);
    }
    for (; from + BLOCK <= bytes.length; from += BLOCK) compress(this.#hash, bytes, from);
    this.#block.set(bytes.subarray(from));
    return this;
  }

  /** The digest of what came so far; more may follow. */
  hex(): string {
    const end = Sha256.resume(this.state);
    const padding = new Uint8Array(((119 - (this.#length % BLOCK)) % BLOCK) + 9);
    padding[0] = 0x80;
    new DataView(padding.buffer).setBigUint64(padding.length - 8, BigInt(this.#length) * 8n);
    end.update(padding);
    return [...end.#hash].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }
}

function at(words: Int32Array, index: number): number {
  return words[index] ?? 0;
}

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

function expand(bytes: Uint8Array, offset: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, BLOCK);
  for (let i = 0; i < 16; i++) W[i] = view.getInt32(4 * i);
  for (let i = 16; i < 64; i++) {
    const a = at(W, i - 15);
    const b = at(W, i - 2);
    const small = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3);
    const large = rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10);
    W[i] = at(W, i - 16) + small + at(W, i - 7) + large;
  }
}

function compress(hash: Int32Array, bytes: Uint8Array, offset: number): void {
  expand(bytes, offset);
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash;
  for (let i = 0; i < 64; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + at(K, i) + at(W, i)) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) hash[i] = at(hash, i) + word;
}
