// SPDX-License-Identifier: MIT

export interface HeartbeatOptions {
  /** A silence this long is asked about. 0: never ask. */
  readonly intervalMs: number;
  /** A silence this long is the end of the session. */
  readonly deadlineMs: number;
  /** A guest that stands still is silent without being dead. */
  readonly running: () => boolean;
  readonly ask: () => void;
  readonly dead: () => void;
}

/** Notices that the other side has gone silent while something is expected of it. */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #timer: ReturnType<typeof setInterval> | undefined;
  #silentMs = 0;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  heard(): void {
    this.#silentMs = 0;
  }

  /** Whether something is expected. */
  expect(expecting: boolean): void {
    const { intervalMs } = this.#options;
    if (expecting === (this.#timer !== undefined) || intervalMs === 0) return;
    this.#silentMs = 0;
    clearInterval(this.#timer);
    this.#timer = expecting ? setInterval(() => this.#tick(), intervalMs) : undefined;
  }

  #tick(): void {
    const { intervalMs, deadlineMs, running, ask, dead } = this.#options;
    if (!running()) {
      this.#silentMs = 0;
      return;
    }
    this.#silentMs += intervalMs;
    if (this.#silentMs > deadlineMs) dead();
    else if (this.#silentMs > intervalMs) ask();
  }
}
