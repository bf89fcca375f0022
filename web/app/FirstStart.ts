// SPDX-License-Identifier: MIT
// A start of the guest as far as it goes without the page: nothing on the way to a running guest lasts as long, so all
// of it is asked for at once, and the machine is opened while the page itself is still loading. The first is begun when
// this module is first imported; a restart begins its own.

import type { Machine } from "../machine/Machine.ts";
import { beginMachine, openMachine } from "../machine/openInWorker.ts";
import { loadEngine, startWorker } from "../machine/startWorker.ts";
import { Loading } from "./Loading.ts";
import { FOLDER, readColdStart, readSavedStateInfo, type SavedStateInfo } from "./Plan.ts";
import { SavedState } from "./SavedState.ts";

export interface Opened {
  readonly machine: Machine;
  /** Null when it was restored; else why it has to boot. */
  readonly cold: string | null;
}

export class Start {
  readonly began = performance.now();
  readonly loading = new Loading();
  readonly opened: Promise<Opened>;
  /** The machine whose saved state has come and is being restored: it may be asked already. Null: it has to boot. */
  readonly restoring: Promise<Machine | null>;
  #restores: (machine: Machine | null) => void = () => {};
  // First what is small: a browser has six connections to a server, and the large files keep theirs for long.
  readonly #info = readSavedStateInfo();
  readonly #worker = startWorker();
  readonly #ended = new AbortController();
  readonly #options = { signal: this.#ended.signal, onProgress: this.loading.machine };

  constructor() {
    loadEngine().catch(() => undefined); // told to whoever opens a machine
    this.restoring = new Promise((resolve) => {
      this.#restores = resolve;
    });
    this.opened = this.#open();
    this.opened.catch(() => undefined).finally(() => this.#restores(null)); // told to whoever takes the start
  }

  end(reason: unknown): void {
    this.#ended.abort(reason);
  }

  async #open(): Promise<Opened> {
    const state = fetch(`${FOLDER}checkpoint.bin`, { signal: this.#ended.signal });
    const volume = this.#bytesOf("volume", `${FOLDER}tux3.img`);
    for (const coming of [state, volume]) coming.catch(() => undefined); // told to whoever needs them
    const info = await this.#info.catch((error: unknown) => {
      this.#worker.terminate();
      throw error;
    });
    if (info) return this.#restore(info, state, volume);
    this.#restores(null);
    return this.#boot(
      "There is no saved state of this guest, so Linux boots from its beginning.",
      this.#worker,
    );
  }

  async #restore(
    info: SavedStateInfo,
    answer: Promise<Response>,
    volume: Promise<Uint8Array>,
  ): Promise<Opened> {
    const saved = new SavedState(info.size, answer);
    this.loading.watch(saved);
    try {
      const start = {
        kernel: { url: `${FOLDER}bzImage`, bytes: 0, sha256: info.kernelSha256 }, // compared, not loaded
        volume: { coming: volume, sha256: info.volumeSha256 },
        checkpoint: { coming: saved.data },
      };
      const { machine, opened } = beginMachine(start, this.#options, this.#worker);
      saved.data.then(
        () => this.#restores(machine),
        () => this.#restores(null),
      );
      await opened;
      return { machine, cold: null };
    } catch (error) {
      this.#ended.signal.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      return this.#boot(
        `The saved state could not be used (${reason}), so Linux boots from its beginning.`,
        startWorker(),
      );
    }
  }

  async #boot(cold: string, worker: Worker): Promise<Opened> {
    const start = await readColdStart().catch((error: unknown) => {
      worker.terminate();
      throw error;
    });
    return { machine: await openMachine(start, this.#options, worker), cold };
  }

  async #bytesOf(what: string, url: string): Promise<Uint8Array> {
    const response = await fetch(url, { signal: this.#ended.signal });
    if (!response.ok) throw new Error(`the ${what} could not be loaded: ${url} answers ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  }
}

let first: Start | null = new Start();

export function takeStart(): Start {
  const start = first ?? new Start();
  first = null;
  return start;
}
