// SPDX-License-Identifier: MIT
// A start of the guest as far as it goes without the page: nothing on the way to a running guest lasts as long, so all
// of it is asked for at once, and the machine is opened while the page itself is still loading. The first is begun when
// this module is first imported; a restart begins its own.

import { readBody } from "../base/readBody.ts";
import type { SavedSession } from "../bridge/SavedSession.ts";
import type { Machine } from "../machine/Machine.ts";
import { beginMachine, openMachine } from "../machine/openInWorker.ts";
import { awake, loadEngine, startWorker } from "../machine/startWorker.ts";
import { COLD_START, SAVED_STATE, type SavedState, savedState, VOLUME, warmStart } from "./Images.ts";
import { Loading } from "./Loading.ts";

/** A machine whose saved state has come and is being restored: it may be asked already. */
export interface Restoring {
  readonly machine: Machine;
  readonly session: SavedSession;
}

export interface Opened {
  readonly machine: Machine;
  /** Null when it was restored; else why it has to boot. */
  readonly cold: string | null;
}

export class Start {
  readonly began = performance.now();
  readonly loading = new Loading();
  readonly opened: Promise<Opened>;
  /** Null: it has to boot. */
  readonly restoring: Promise<Restoring | null>;
  #restores: (restoring: Restoring | null) => void = () => {};
  readonly #ended = new AbortController();
  // First what is small: a browser has six connections to a server, and the large files keep theirs for long.
  readonly #saved = savedState(this.#ended.signal);
  readonly #worker = startWorker();
  /** The machine's worker runs. */
  readonly awake = awake(this.#worker);
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
    const [state, volume] = [this.#answer(SAVED_STATE), this.#answer(VOLUME).then(bytesOf)];
    for (const coming of [state, volume]) coming.catch(() => undefined); // told to whoever needs them
    const saved = await this.#saved.catch((error: unknown) => {
      this.#worker.terminate();
      throw error;
    });
    if (typeof saved === "object") return this.#restore(saved, state, volume);
    this.#restores(null);
    return this.#boot(saved, this.#worker);
  }

  async #restore(
    { size, session }: SavedState,
    answer: Promise<Response>,
    volume: Promise<Uint8Array>,
  ): Promise<Opened> {
    const onBytes = this.loading.expect(size);
    const state = answer.then((response) => bytesOf(response, onBytes));
    try {
      const { machine, opened } = beginMachine(warmStart(volume, state), this.#options, this.#worker);
      state.then(
        () => this.#restores({ machine, session }),
        () => this.#restores(null),
      );
      await opened;
      return { machine, cold: null };
    } catch (error) {
      this.#ended.signal.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      const why = `The saved state could not be used (${reason}), so Linux boots from its beginning.`;
      return this.#boot(why, startWorker());
    }
  }

  async #boot(cold: string, worker: Worker): Promise<Opened> {
    return { machine: await openMachine(COLD_START, this.#options, worker), cold };
  }

  #answer(url: string): Promise<Response> {
    return fetch(url, { signal: this.#ended.signal });
  }
}

function bytesOf(
  { ok, url, status, body }: Response,
  onBytes?: (bytes: number) => void,
): Promise<Uint8Array> {
  if (!ok || !body) throw new Error(`${url} could not be loaded (${status})`);
  return readBody(body, onBytes);
}

const begun = new Start();
let first: Start | null = begun;

export const workerAwake = begun.awake;

export function takeStart(): Start {
  const start = first ?? new Start();
  first = null;
  return start;
}
