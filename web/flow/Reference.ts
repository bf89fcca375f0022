// SPDX-License-Identifier: MIT
// For tests only: the model as one would write it without a thought for speed. It keeps plain lists, knows nothing of
// rows, indices or snapshots, and answers a question about a moment by playing all events up to it once more.

import type { KernelEvent } from "../bridge/KernelEvent.ts";

interface WaitingItem {
  readonly id: number;
  readonly type: "queue" | "post";
  readonly isText: boolean;
}

/** Who lives, by pid, and what waits on each open link, in the order in which it will be read. */
export interface ReferenceMoment {
  readonly pids: readonly number[];
  readonly queues: Readonly<Record<number, readonly number[]>>;
}

export function referenceMoment(events: readonly KernelEvent[]): ReferenceMoment {
  const pids = new Set<number>();
  const seen = new Set<number>();
  const queues = new Map<number, WaitingItem[]>();
  for (const event of events) {
    // The last close of one that exits comes after its exit.
    if (event.pid !== 0 && !seen.has(event.tgid)) pids.add(event.tgid);
    if (event.type === "fork") pids.add(event.value);
    seen.add(event.type === "fork" ? event.value : event.tgid).add(event.tgid);
    if (event.type === "exit") pids.delete(event.tgid);
    if (event.link === 0) continue;
    const queue = queues.get(event.link) ?? [];
    queues.set(event.link, changed(queue, event));
    if (event.type === "release") queues.delete(event.link);
  }
  return {
    pids: [...pids].sort((a, b) => a - b),
    queues: Object.fromEntries([...queues].map(([link, queue]) => [link, queue.map(({ id }) => id)])),
  };
}

function changed(queue: readonly WaitingItem[], { type, item, result, flags }: KernelEvent): WaitingItem[] {
  if (type === "queue") return [...queue, { id: item, type, isText: false }];
  if (type === "post") {
    const posted = { id: item, type, isText: (flags & 1) !== 0 };
    if (posted.isText) return [posted, ...queue];
    return [
      ...queue.filter((one) => one.type === "post"),
      posted,
      ...queue.filter((one) => one.type === "queue"),
    ];
  }
  if (type === "drop" || (type === "read" && result > 0)) return queue.filter(({ id }) => id !== item);
  return [...queue];
}

/** Rows of the events that have to do with a link, a process or an item: every event is looked at. */
export function referenceRows(events: readonly KernelEvent[], is: (event: KernelEvent) => boolean): number[] {
  return events.flatMap((event, row) => (is(event) ? [row] : []));
}
