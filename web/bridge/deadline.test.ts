// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DeadlineError } from "./BridgeError.ts";
import { within } from "./deadline.ts";

describe("within", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const never = new Promise<never>(() => {});

  it("rejects when the time is over, and says what and how long", async () => {
    const late = expect(within(never, "ask", { ms: 300 })).rejects.toThrow("ask: no answer for 0.3 s");
    await vi.advanceTimersByTimeAsync(300);
    await late;
  });

  it("does not count the time in which the other side stands still", async () => {
    let running = false;
    let error: unknown;
    within(never, "ask", { ms: 300, running: () => running }).catch((why: unknown) => {
      error = why;
    });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(error).toBeUndefined();
    running = true;
    await vi.advanceTimersByTimeAsync(300);
    expect(error).toBeInstanceOf(DeadlineError);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("leaves no timer behind an answer", async () => {
    await expect(within(Promise.resolve(7), "ask", { ms: 300 })).resolves.toBe(7);
    expect(vi.getTimerCount()).toBe(0);
  });
});
