// SPDX-License-Identifier: MIT
// Two fingers on a surface: how much further apart they are than at the last move, and around which point.

interface Finger {
  readonly x: number;
  readonly y: number;
}

export class Pinch {
  readonly #fingers = new Map<number, Finger>();

  down(id: number, finger: Finger): void {
    this.#fingers.set(id, finger);
  }

  up(id: number): void {
    this.#fingers.delete(id);
  }

  /** Null unless two fingers are down. */
  move(id: number, finger: Finger): { readonly by: number; readonly x: number } | null {
    const before = this.#span();
    if (!this.#fingers.has(id)) return null;
    this.#fingers.set(id, finger);
    const now = this.#span();
    return before === null || now === null || before === 0 ? null : { by: now / before, x: this.#middle() };
  }

  #span(): number | null {
    const [a, b] = this.#fingers.values();
    return a && b && this.#fingers.size === 2 ? Math.hypot(a.x - b.x, a.y - b.y) : null;
  }

  #middle(): number {
    const [a, b] = this.#fingers.values();
    return ((a?.x ?? 0) + (b?.x ?? 0)) / 2;
  }
}
