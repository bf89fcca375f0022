// SPDX-License-Identifier: MIT
/** Whoever waits for a text in a port's output, and gets the machine's numbers of that very moment. */
import { ByteMatcher } from "./ByteMatcher.ts";
import type { MachineStats } from "./Machine.ts";

interface Watch {
  readonly matcher: ByteMatcher;
  readonly found: (stats: MachineStats) => void;
  readonly failed: (why: unknown) => void;
}

export class OutputWatch {
  readonly #watches = new Set<Watch>();
  readonly #stats: () => MachineStats;
  readonly #onChange: () => void;

  /** `onChange` is called when `listener` may have changed. */
  constructor(stats: () => MachineStats, onChange: () => void) {
    this.#stats = stats;
    this.#onChange = onChange;
  }

  /** To be called with each byte; undefined while nobody waits, because it costs a call per byte. */
  get listener(): ((byte: number) => void) | undefined {
    return this.#watches.size === 0 ? undefined : (byte) => this.#push(byte);
  }

  waitFor(text: string, signal: AbortSignal): Promise<MachineStats> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const end = (settle: () => void) => {
        signal.removeEventListener("abort", abort);
        this.#watches.delete(watch);
        this.#onChange();
        settle();
      };
      const watch: Watch = {
        matcher: new ByteMatcher(text),
        found: (stats) => end(() => resolve(stats)),
        failed: (why) => end(() => reject(why)),
      };
      const abort = () => watch.failed(signal.reason);
      signal.addEventListener("abort", abort, { once: true });
      this.#watches.add(watch);
      this.#onChange();
    });
  }

  fail(why: string): void {
    for (const watch of [...this.#watches]) watch.failed(new Error(`the text never came: ${why}`));
  }

  #push(byte: number): void {
    for (const watch of [...this.#watches]) if (watch.matcher.push(byte)) watch.found(this.#stats());
  }
}
