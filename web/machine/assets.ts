// SPDX-License-Identifier: MIT
/** Fetches what a machine is made of, says how far it is in bytes, and checks hashes. */
import { readBody } from "../base/readBody.ts";
import { Sha256 } from "../base/Sha256.ts";
import type { Asset, LoadProgress, OpenOptions } from "./Machine.ts";

export interface Loaded {
  readonly data: Uint8Array;
  /** Of `data`, when it was declared (and checked). */
  readonly sha256: string | undefined;
}

/** Adds up the progress of several assets that load side by side. */
export class Loader {
  #loaded = 0;
  #total = 0;
  readonly #onProgress: ((progress: LoadProgress) => void) | undefined;
  readonly #signal: AbortSignal | undefined;

  constructor({ onProgress, signal }: OpenOptions) {
    this.#onProgress = onProgress;
    this.#signal = signal;
  }

  async load(what: string, asset: Asset): Promise<Loaded> {
    const data = await this.#bytesOf(what, asset);
    if (asset.sha256 !== undefined) await requireHash(what, data, asset.sha256);
    return { data, sha256: asset.sha256 };
  }

  async #bytesOf(what: string, asset: Asset): Promise<Uint8Array> {
    if ("data" in asset) return asset.data;
    return "coming" in asset ? asset.coming : this.#fetch(what, asset.url, asset.bytes);
  }

  /** Counts something that is loaded elsewhere, as one step. */
  async track<T>(bytes: number, loading: Promise<T>): Promise<T> {
    this.#count(0, bytes);
    const loaded = await loading;
    this.#count(bytes, 0);
    return loaded;
  }

  #count(loaded: number, total: number): void {
    this.#loaded += loaded;
    this.#total += total;
    this.#onProgress?.({ loaded: this.#loaded, total: this.#total });
  }

  async #fetch(what: string, url: string, bytes: number): Promise<Uint8Array> {
    this.#count(0, bytes);
    const response = await fetch(url, this.#signal ? { signal: this.#signal } : {});
    if (!response.ok || !response.body)
      throw new Error(
        `the ${what} could not be loaded: ${url} answers ${response.status} ${response.statusText}`,
      );
    return readBody(response.body, (loaded) => this.#count(loaded, 0));
  }
}

/** SHA-256 by the platform where it offers that (not on pages loaded without TLS), else by ourselves. */
export async function sha256(data: Uint8Array): Promise<string> {
  if (globalThis.crypto?.subtle === undefined) return Sha256.of(data);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(data)));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function requireHash(what: string, data: Uint8Array, expected: string): Promise<void> {
  const found = await sha256(data);
  if (found !== expected)
    throw new Error(
      `the ${what} is damaged or another one: its SHA-256 is ${found}, expected ${expected}; reload or build it again`,
    );
}
