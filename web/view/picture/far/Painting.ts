// SPDX-License-Identifier: MIT
// When the picture from afar is painted: once in a frame, whatever asks for it; what is too much for one frame goes on
// in the next ones.

/** Both give false when there is more to paint. */
interface Painter {
  anew(): boolean;
  goOn(): boolean;
}

export class Painting {
  readonly #painter: Painter;
  readonly #restMs: () => number;
  #frame = 0;
  #timer = 0;
  /** The canvas shows something else than it should. */
  #stale = false;

  /** `restMs`: how long others have the time to themselves before a frame is painted. */
  constructor(painter: Painter, restMs: () => number) {
    this.#painter = painter;
    this.#restMs = restMs;
  }

  now(): void {
    this.stop();
    this.#stale = true;
    this.#paint();
  }

  /** Within the next frame. */
  soon(): void {
    this.#stale = true;
    this.#later();
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#frame = 0;
    this.#timer = 0;
  }

  readonly #paint = (): void => {
    this.#frame = 0;
    const anew = this.#stale;
    this.#stale = false;
    const done = anew ? this.#painter.anew() : this.#painter.goOn();
    if (!done) this.#later();
  };

  #later(): void {
    if (this.#frame !== 0 || this.#timer !== 0) return;
    const rest = this.#restMs();
    if (rest === 0) this.#frame = requestAnimationFrame(this.#paint);
    else this.#timer = window.setTimeout(this.#rested, rest);
  }

  readonly #rested = (): void => {
    this.#timer = 0;
    this.#frame = requestAnimationFrame(this.#paint);
  };
}
