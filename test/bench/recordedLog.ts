// SPDX-License-Identifier: MIT
// A large event log of real events: programs on links in the guest, recorded once, then repeated with new ids and
// later times until it is long enough. One recording has at least 50 links and 200 processes.

import type { KernelEvent } from "../../web/bridge/KernelEvent.ts";
import { BootedGuest } from "../../web/cli/bootGuest.ts";
import { Flow } from "../../web/flow/Flow.ts";

/** Many at once, some after one another: echo, fork, a buffer too small, and what the shell itself forks. */
const SCRIPT = `
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do
  for j in 1 2 3 4; do
    ddtest one two three four five six seven &
    ddtest -b 3 hello $i $j &
    ddfork -w 5 -r 3 &
  done
  wait
done`;
const LINKS_LEAST = 50;
const PROCESSES_LEAST = 200;
const GAP_NS = 2e6;

export async function recordScenarios(): Promise<KernelEvent[]> {
  const booted = await BootedGuest.boot();
  try {
    const { guest } = booted;
    const stream = await guest.events({ snaplen: 64 });
    const events: KernelEvent[] = [];
    const collecting = (async () => {
      for await (const batch of stream) events.push(...batch);
    })();
    await guest.run(["sh", "-c", SCRIPT]);
    await guest.run(["true"]); // what comes after the script has been told now
    await stream[Symbol.asyncDispose]();
    await collecting.catch(() => undefined); // it ends because it was closed
    const whole = firstRunOf(events);
    requireRich(whole);
    return whole;
  } finally {
    await booted[Symbol.asyncDispose]();
  }
}

/** The script and all that it started, from its fork to its last event; whoever looked on is left out. */
function firstRunOf(events: readonly KernelEvent[]): KernelEvent[] {
  const rows = flowOf(events).runs[0]?.events;
  if (!rows) throw new Error("the guest's kernel told of no run");
  return Array.from({ length: rows.length }, (_, index) => events[rows.at(index)]).filter(
    (event) => event !== undefined,
  );
}

function requireRich(events: readonly KernelEvent[]): void {
  const flow = flowOf(events);
  const { links, processes, lost, whole } = flow;
  if (links.length < LINKS_LEAST || processes.length < PROCESSES_LEAST || lost > 0 || whole.alive > 0)
    throw new Error(
      `the recording has ${links.length} links, ${processes.length} processes, ${lost} lost events, ${whole.alive} alive`,
    );
}

export function flowOf(events: Iterable<KernelEvent>): Flow {
  const flow = new Flow();
  for (const event of events) flow.push(event);
  return flow;
}

/** `count` events: the recording again and again. */
export function* concatenated(events: readonly KernelEvent[], count: number): Generator<KernelEvent> {
  const forked = new Set(events.filter(({ type }) => type === "fork").map(({ value }) => value));
  const most = (pick: (event: KernelEvent) => number) =>
    events.reduce((sum, event) => Math.max(sum, pick(event)), 0);
  const links = most(({ link }) => link);
  const pids = most(({ pid, type, value }) => Math.max(pid, type === "fork" ? value : 0));
  const start = events[0]?.timeNs ?? 0;
  const span = (events.at(-1)?.timeNs ?? 0) - start + GAP_NS;
  for (let at = 0; at < count; at++) {
    const event = events[at % events.length];
    if (!event) return;
    const round = Math.floor(at / events.length);
    const renamed = (pid: number) => (forked.has(pid) ? pid + round * pids : pid);
    yield {
      ...event,
      seq: at + 1,
      timeNs: event.timeNs + round * span,
      link: event.link === 0 ? 0 : event.link + round * links,
      item: event.item === 0 ? 0 : event.item + round * links * 2 ** 32,
      pid: renamed(event.pid),
      tgid: renamed(event.tgid),
      value: event.type === "fork" ? renamed(event.value) : event.value,
    };
  }
}
