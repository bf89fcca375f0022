// SPDX-License-Identifier: MIT
// How much has arrived of all that a start loads: what the machine fetches itself, and the saved state.

import type { LoadProgress } from "../machine/Machine.ts";
import type { GuestListener } from "./Lab.ts";
import type { SavedState } from "./SavedState.ts";

export class Loading {
  readonly #listener: GuestListener;
  #machine: LoadProgress = { loaded: 0, total: 0 };
  #saved: LoadProgress = { loaded: 0, total: 0 };

  constructor(listener: GuestListener) {
    this.#listener = listener;
  }

  readonly machine = (progress: LoadProgress): void => {
    this.#machine = progress;
    this.#tell();
  };

  watch(saved: SavedState): void {
    const { size } = saved.file;
    saved.onProgress = (loaded) => {
      this.#saved = { loaded, total: size };
      this.#tell();
    };
  }

  #tell(): void {
    const [machine, saved] = [this.#machine, this.#saved];
    this.#listener.phase({
      kind: "loading",
      loaded: machine.loaded + saved.loaded,
      total: machine.total + saved.total,
    });
  }
}
