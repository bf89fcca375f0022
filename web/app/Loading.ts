// SPDX-License-Identifier: MIT
// How much has arrived of all that a start loads: what the machine fetches itself, and the saved state.

import type { LoadProgress } from "../machine/Machine.ts";

/** Between two tellings: each takes the page a frame, and the guest waits for the same processors. */
const PACE_MS = 200;

export class Loading {
  #machine: LoadProgress = { loaded: 0, total: 0 };
  #saved: LoadProgress = { loaded: 0, total: 0 };
  #listener: (progress: LoadProgress) => void = () => {};
  /** What will tell of what has come: it comes in dozens of pieces. */
  #soon: ReturnType<typeof setTimeout> | undefined;

  readonly machine = (progress: LoadProgress): void => {
    this.#machine = progress;
    this.#tellSoon();
  };

  /** A saved state of so many bytes comes, too. Returns what is to be told of each piece, in bytes. */
  expect(size: number): (bytes: number) => void {
    this.#saved = { loaded: 0, total: size }; // of which nothing may come for a while
    return (bytes) => {
      this.#saved = { ...this.#saved, loaded: this.#saved.loaded + bytes };
      this.#tellSoon();
    };
  }

  /** Tells the listener how far it is, and from now on a few times a second. */
  subscribe(listener: (progress: LoadProgress) => void): void {
    this.#listener = listener;
    this.#tell();
  }

  /** All is there. */
  end(): void {
    clearTimeout(this.#soon);
    this.#listener = () => {};
  }

  #tellSoon(): void {
    this.#soon ??= setTimeout(() => this.#tell(), PACE_MS);
  }

  #tell(): void {
    this.#soon = undefined;
    const [machine, saved] = [this.#machine, this.#saved];
    this.#listener({ loaded: machine.loaded + saved.loaded, total: machine.total + saved.total });
  }
}
