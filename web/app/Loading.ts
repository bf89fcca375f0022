// SPDX-License-Identifier: MIT
// How much has arrived of all that a start loads: what the machine fetches itself, and the saved state.

import type { LoadProgress } from "../machine/Machine.ts";
import type { SavedState } from "./SavedState.ts";

export class Loading {
  #machine: LoadProgress = { loaded: 0, total: 0 };
  #saved: LoadProgress = { loaded: 0, total: 0 };
  #listener: (progress: LoadProgress) => void = () => {};
  /** The frame that will show what has come: it comes in dozens of pieces. */
  #soon = 0;

  readonly machine = (progress: LoadProgress): void => {
    this.#machine = progress;
    this.#tellSoon();
  };

  watch(saved: SavedState): void {
    const { size } = saved.file;
    saved.onProgress = (loaded) => {
      this.#saved = { loaded, total: size };
      this.#tellSoon();
    };
  }

  /** Tells the listener how far it is, and from now on once a frame at most. */
  subscribe(listener: (progress: LoadProgress) => void): void {
    this.#listener = listener;
    this.#tell();
  }

  /** All is there. */
  end(): void {
    this.#listener = () => {};
  }

  #tellSoon(): void {
    if (this.#soon === 0) this.#soon = requestAnimationFrame(() => this.#tell());
  }

  #tell(): void {
    this.#soon = 0;
    const [machine, saved] = [this.#machine, this.#saved];
    this.#listener({ loaded: machine.loaded + saved.loaded, total: machine.total + saved.total });
  }
}
