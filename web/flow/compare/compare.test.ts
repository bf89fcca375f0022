// SPDX-License-Identifier: MIT
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KernelEvent } from "../../bridge/KernelEvent.ts";
import { echoRun, forkRun, ScriptedKernel, troubleRun } from "../ScriptedKernel.ts";
import { compareRuns, type Events } from "./compare.ts";

const RUNS = [echoRun, forkRun, troubleRun].map((run) => run(new ScriptedKernel()).events);
const anyRun = fc.constantFrom(...RUNS);

function eventsOf(events: readonly KernelEvent[]): Events {
  return {
    length: events.length,
    at: (index) => {
      const event = events[index];
      if (!event) throw new RangeError(`event ${index} of ${events.length}`);
      return event;
    },
  };
}

/** The same run at another time, with other ids. */
function renamed(events: readonly KernelEvent[], pids: number, links: number, late: number): KernelEvent[] {
  const pid = (id: number) => (id === 0 ? 0 : (id * 7919 + pids) % 4_194_301);
  const link = (id: number) => (id === 0 ? 0 : id * 3 + links);
  return events.map((event) => ({
    ...event,
    seq: event.seq + late,
    timeNs: event.timeNs * 2 + late,
    pid: pid(event.pid),
    tgid: pid(event.tgid),
    link: link(event.link),
    value: event.type === "fork" ? pid(event.value) : event.value,
    item: event.item === 0 ? 0 : link(event.link) * 2 ** 32 + event.item,
  }));
}

const CHANGES: readonly ((event: KernelEvent) => KernelEvent)[] = [
  (event) => ({ ...event, result: event.result - 1 }),
  (event) => ({ ...event, len: event.len + 1 }),
  (event) => ({ ...event, comm: `${event.comm}x` }),
  (event) => ({ ...event, items: event.items + 1 }),
  (event) => ({ ...event, flags: event.flags ^ 1 }),
  (event) => ({ ...event, payload: Uint8Array.from([...event.payload, 1]) }),
  (event) => ({ ...event, link: event.link === 0 ? 77 : 0 }),
  (event) => ({ ...event, type: event.type === "read" ? "write" : "read" }),
];

describe("compareRuns", () => {
  it("finds no difference when only ids and times do", () => {
    fc.assert(
      fc.property(anyRun, fc.nat(1000), fc.nat(1000), fc.nat(1e6), (events, pids, links, late) => {
        const other = renamed(events, pids, links, late);
        expect(compareRuns(eventsOf(events), eventsOf(other))).toEqual({ same: events.length, parts: null });
      }),
    );
  });

  it("finds the first of the events that differ, whatever differs", () => {
    fc.assert(
      fc.property(anyRun, fc.constantFrom(...CHANGES), fc.nat(), fc.nat(), (events, change, one, two) => {
        const at = one % events.length;
        const later = at + (two % (events.length - at));
        const other = renamed(events, 5, 5, 5).map((event, row) =>
          row === at || row === later ? change(event) : event,
        );
        const { same, parts } = compareRuns(eventsOf(events), eventsOf(other));
        expect(same).toBe(at);
        expect(parts).not.toHaveLength(0);
      }),
    );
  });

  it("notices when two processes have changed places", () => {
    const [, fork = []] = RUNS;
    const other = fork.map((event) => (event.type === "read" ? { ...event, pid: 50, tgid: 50 } : event));
    const { same, parts } = compareRuns(eventsOf(fork), eventsOf(other));
    expect(fork[same]?.type).toBe("read");
    expect(parts?.map(({ name }) => name)).toEqual(["process", "thread"]);
  });

  it("says where the shorter one ends", () => {
    const [echo = []] = RUNS;
    expect(compareRuns(eventsOf(echo), eventsOf(echo.slice(0, 9)))).toEqual({ same: 9, parts: [] });
  });
});
