// SPDX-License-Identifier: MIT
// The cursor of the picture: it stands behind an event, runs over what was, or sweeps what is new into sight.

import type { Axis } from "../../flow/Axis.ts";
import { Sweep } from "./Motion.ts";

export class Replay {
  #sweep: Sweep | null = null;
  /** True while what lies after the cursor has never been shown. */
  #fresh = false;
  #frame = 0;
  #lastFrame = 0;
  readonly #axis: () => Axis | null;
  readonly #moved: () => void;

  /** `moved` is called in each frame in which the cursor moves, in the last one when it does no more. */
  constructor(axis: () => Axis | null, moved: () => void) {
    this.#axis = axis;
    this.#moved = moved;
  }

  get playing(): boolean {
    return this.#frame !== 0;
  }

  /** On the axis; null: everything is shown. */
  get cursor(): number | null {
    return this.#sweep?.at ?? null;
  }

  get fresh(): boolean {
    return this.#fresh;
  }

  /** The event that the cursor stands behind, by its place in the run; null: at the end. */
  get moment(): number | null {
    const axis = this.#axis();
    if (!axis || !this.#sweep || this.#fresh) return null;
    return Math.min(axis.firstFrom(this.#sweep.at), axis.length - 1);
  }

  /** From its beginning, or on from where the cursor was stopped. */
  play(axis: Axis, speed: number): void {
    const from = this.#sweep && !this.#fresh && this.#sweep.at < axis.end ? this.#sweep.at : 0;
    this.#fresh = false;
    this.#run(Sweep.replay(from, axis.end, axis.length, speed));
  }

  /** Sweeps in what came behind a place. */
  reveal(axis: Axis, behind: number): void {
    const from = this.#sweep && this.#fresh ? this.#sweep.at : behind;
    this.#fresh = true;
    this.#run(Sweep.reveal(from, axis.end));
  }

  standBehind(axis: Axis, index: number): void {
    this.stop();
    if (index < axis.length - 1) this.#sweep = Sweep.replay(axis.at(index), axis.end, axis.length, 1);
  }

  pause(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  /** Everything is shown. */
  stop(): void {
    this.pause();
    this.#sweep = null;
    this.#fresh = false;
  }

  #run(sweep: Sweep): void {
    this.#sweep = sweep;
    if (this.playing) return;
    this.#lastFrame = performance.now();
    this.#frame = requestAnimationFrame(this.#onFrame);
  }

  readonly #onFrame = (now: number): void => {
    const done = this.#sweep?.advance(now - this.#lastFrame, this.#axis()?.end ?? 0) ?? true;
    this.#lastFrame = now;
    if (done) this.stop();
    else this.#frame = requestAnimationFrame(this.#onFrame);
    this.#moved();
  };
}
