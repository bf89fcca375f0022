// SPDX-License-Identifier: MIT
/** Guest time: executed instructions at a fixed rate, plus the idle time that was skipped. */

/** A reading moves time by this much, so that two never agree: v86's read_tsc keeps hidden state when they do. */
const READING_MS = 2e-6;

export class GuestClock {
  readonly #mips: number;
  readonly #counter: () => number;
  #lastCount = 0;
  #instructions = 0;
  #frozenMs: number | undefined;
  /** Milliseconds skipped while the guest had nothing to do (and READING_MS per reading). */
  idleMs = 0;

  /** `counter` gives v86's own count: 32 bits that wrap. */
  constructor(mips: number, counter: () => number) {
    this.#mips = mips;
    this.#counter = counter;
  }

  /** Executed since power-on: v86's count without its wraps. Call at least every 2^31 instructions. */
  get instructions(): number {
    const count = this.#counter();
    this.#instructions += (count - this.#lastCount) >>> 0;
    this.#lastCount = count;
    return this.#instructions;
  }

  get nowMs(): number {
    return this.#frozenMs ?? this.instructions / (this.#mips * 1000) + this.idleMs;
  }

  /** What v86 gets when it asks for the time. */
  read(): number {
    if (this.#frozenMs === undefined) this.idleMs += READING_MS;
    return this.nowMs;
  }

  /** Goes on from another clock's values; the counter now stands for `instructions`. */
  restore(instructions: number, idleMs: number): void {
    this.#lastCount = this.#counter();
    this.#instructions = instructions;
    this.idleMs = idleMs;
  }

  /** Runs `work` at a time that stands still. */
  frozenAt<T>(ms: number, work: () => T): T {
    this.#frozenMs = ms;
    try {
      return work();
    } finally {
      this.#frozenMs = undefined;
    }
  }
}
