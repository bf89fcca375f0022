// SPDX-License-Identifier: MIT
import { DeadlineError } from "./BridgeError.ts";

export interface Patience {
  /** No limit if not given. */
  readonly ms?: number | undefined;
  /** False while the other side stands still: time that is over then does not count. Always true if not given. */
  readonly running?: (() => boolean) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What `promise` gives, or a rejection when the time is over or `signal` aborts. The work behind the
 * promise goes on: who needs it stopped does so.
 */
export async function within<T>(promise: Promise<T>, what: string, patience: Patience): Promise<T> {
  const { ms, running = () => true, signal } = patience;
  signal?.throwIfAborted();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let abort = (): void => {};
  const interrupted = new Promise<never>((_, reject) => {
    abort = () => reject(signal?.reason);
    signal?.addEventListener("abort", abort);
    const late = () => {
      if (running()) reject(new DeadlineError(`${what}: no answer for ${(ms ?? 0) / 1000} s`));
      else timer = setTimeout(late, ms);
    };
    if (ms !== undefined) timer = setTimeout(late, ms);
  });
  try {
    return await Promise.race([promise, interrupted]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}
