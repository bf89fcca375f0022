// SPDX-License-Identifier: MIT
/**
 * Lets the event loop take other messages and comes back at once: a message of our own queues up behind them.
 * Timers would not do: browsers hold nested ones back for 4 ms, and hidden pages' for a second.
 */
export const nextTurn: () => Promise<void> =
  typeof setImmediate === "function" ? () => new Promise((resolve) => setImmediate(resolve)) : messageTurns();

function messageTurns(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      port2.postMessage(null);
    });
}
