// SPDX-License-Identifier: MIT
/**
 * Holds guest time to real time. A guest may be ahead only while it is busy, and behind only as far as the host
 * could not keep up; neither lead nor lag is made up for later beyond these bounds.
 */
import { hostNow } from "./Realm.ts";

/** Sleeps shorter than this cost more than they save (browser timers are not finer than this anyway). */
const SHORT_SLEEP_MS = 2;
/** A busy guest may run ahead by this much before it must wait. */
const MAX_LEAD_MS = 50;
/** After a longer pause (a hidden tab, a sleeping laptop) the guest goes on from where it was. */
const MAX_LAG_MS = 100;

export class Pacer {
  /** Guest time minus real time at the last alignment. */
  #offsetMs = 0;
  readonly #now: () => number;

  constructor(guestMs: number, now: () => number = hostNow) {
    this.#now = now;
    this.align(guestMs);
  }

  /** From now on, guest time `guestMs` is this moment. */
  align(guestMs: number): void {
    this.#offsetMs = guestMs - this.#now();
  }

  /** What the guest's clock should show. */
  get dueMs(): number {
    return this.#now() + this.#offsetMs;
  }

  /**
   * How long to sleep before a guest may run whose clock would then show `guestMs`. `backlog`: bytes are on their
   * way in or out, so a busy guest shall not wait.
   */
  delay(guestMs: number, halted: boolean, backlog: boolean): number {
    const lead = guestMs - this.dueMs;
    if (lead < -MAX_LAG_MS) this.align(guestMs + MAX_LAG_MS);
    if (halted) return lead > SHORT_SLEEP_MS ? lead : 0;
    if (lead <= MAX_LEAD_MS) return 0;
    if (!backlog) return lead - MAX_LEAD_MS + SHORT_SLEEP_MS;
    this.align(guestMs - MAX_LEAD_MS);
    return 0;
  }
}
