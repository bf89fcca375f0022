// SPDX-License-Identifier: MIT
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KERNEL_EVENT_TYPES, type KernelEvent } from "../bridge/KernelEvent.ts";
import type { Column } from "./Column.ts";
import { Flow } from "./Flow.ts";
import { type ReferenceMoment, referenceMoment, referenceRows } from "./Reference.ts";
import { echoRun, forkRun, ScriptedKernel } from "./ScriptedKernel.ts";

function flowOf(events: readonly KernelEvent[]): Flow {
  const flow = new Flow();
  for (const event of events) flow.push(event);
  return flow;
}

describe("Flow", () => {
  it("gives every event back as it came", () => {
    const { events } = echoRun();
    const flow = flowOf(events);
    expect(events.map((_, row) => flow.event(row))).toEqual(events);
  });

  it("keeps a program and all it started as one run", () => {
    const kernel = new ScriptedKernel();
    const flow = flowOf(forkRun(echoRun(kernel)).events);
    expect(flow.runs).toHaveLength(2);
    expect(flow.runs.map((run) => run.processes.map(({ comm }) => comm))).toEqual([
      ["ddtest"],
      ["ddfork", "ddfork"],
    ]);
    expect(flow.runs.map((run) => run.alive)).toEqual([0, 0]);
  });

  it("keeps an item that did not fit, and ends its wait with the read that took it", () => {
    const flow = flowOf(echoRun().events);
    const item = flow.item(0);
    const types = [item.cause, item.born, item.gone].map((row) => (row === null ? null : flow.event(row)));
    expect(types.map((event) => [event?.type, event?.result])).toEqual([
      ["enter", 0],
      ["queue", 0],
      ["read", 5],
    ]);
  });

  it("pairs a poll that blocked with the wake and the poll that answered", () => {
    const { events } = forkRun();
    const flow = flowOf(events);
    const blocked = events.findIndex(({ type }) => type === "poll");
    const answered = flow.partner(blocked);
    expect(answered).not.toBeNull();
    expect(flow.event(answered ?? 0)).toMatchObject({ type: "poll", pid: 51 });
    expect(flow.event(flow.wakeOf(blocked) ?? 0).type).toBe("wake");
  });

  it("frees unread items with the last close", () => {
    const flow = flowOf(forkRun().events);
    const release = flow.length - 1;
    expect(flow.type(release)).toBe("release");
    expect(flow.item(2).gone).toBe(release);
  });

  it("tells a process from a later one with the same pid", () => {
    const kernel = echoRun(echoRun());
    const flow = flowOf(kernel.events);
    expect(flow.processes.filter(({ pid }) => pid === 41)).toHaveLength(2);
    expect(flow.runs).toHaveLength(2);
  });

  it("marks a post that goes ahead of queued items", () => {
    const kernel = new ScriptedKernel();
    const link = kernel.fork(1, 2).open(2);
    const text = new TextEncoder().encode("x");
    kernel.queue(2, link, text, "post").queue(2, link, text).queue(2, link, text, "post");
    const flow = flowOf(kernel.events);
    expect([0, 1, 2].map((number) => flow.item(number).ahead)).toEqual([false, false, true]);
    expect([0, 1, 2].map((number) => flow.item(number).slot)).toEqual([0, 1, 2]);
  });

  it("counts lost events, and after a cut begins anew", () => {
    const kernel = new ScriptedKernel();
    kernel.fork(1, 2).lose(7);
    const flow = flowOf(kernel.events);
    flow.cut();
    for (const event of echoRun().events) flow.push(event);
    expect(flow.lost).toBe(7);
    expect(flow.runs.map(({ alive }) => alive)).toEqual([0, 0]);
  });

  it("agrees with the slow, obvious model on any sequence of calls", () => {
    fc.assert(
      fc.property(anyCalls, (calls) => {
        const { events } = perform(calls);
        const flow = flowOf(events);
        expect(readout(flow)).toEqual(slowModel(events));
      }),
      { numRuns: 150 },
    );
  });
});

it("finds the items that wait between two rows as a look at all items does", () => {
  fc.assert(
    fc.property(anyCalls, fc.nat(80), fc.nat(30), (calls, from, length) => {
      const flow = flowOf(perform(calls).events);
      const to = from + length;
      for (const link of flow.links) {
        const seen = flow.itemsBetween(link, from, to).map(({ number }) => number);
        const all = Array.from({ length: flow.itemCount }, (_, number) => flow.item(number));
        const slow = all.filter(
          (item) =>
            item.link === link.ordinal && item.born <= to && (item.gone === null || item.gone >= from),
        );
        expect(seen).toEqual(slow.map(({ number }) => number));
      }
    }),
  );
});

describe("against the slow, obvious model", () => {
  it("has the same moment after every event", () => {
    fc.assert(
      fc.property(anyCalls, (calls) => {
        const { events } = perform(calls);
        const flow = flowOf(events);
        for (let row = 0; row < events.length; row++)
          expect(momentOf(flow, row)).toEqual(referenceMoment(events.slice(0, row + 1)));
      }),
      { numRuns: 60 },
    );
  });

  it("has the same moments far into a long log, on both sides of what it puts aside", () => {
    const kernel = new ScriptedKernel();
    fc.sample(anyCalls, { numRuns: 4000, seed: 7 }).forEach((calls, round) => {
      perform(calls, kernel, 100 * (round + 1));
    });
    const { events } = kernel;
    const flow = flowOf(events);
    expect(events.length).toBeGreaterThan(9000);
    for (const row of [1022, 1023, 1024, 1025, 2047, 4096, 6000, 8191, 8192, events.length - 1])
      expect(momentOf(flow, row)).toEqual(referenceMoment(events.slice(0, row + 1)));
  });

  it("needs no more memory for each event where nothing ever ends", () => {
    const bytesPerFork = (count: number) => {
      const kernel = new ScriptedKernel();
      for (let pid = 2; pid < count + 2; pid++) kernel.fork(1, pid);
      return flowOf(kernel.events).byteLength / count;
    };
    expect(bytesPerFork(40_000)).toBeLessThan(bytesPerFork(10_000) + 8);
  });

  it("forgets who lived at a cut", () => {
    const flow = new Flow();
    const before = forkRun().events.slice(0, 5);
    for (const event of before) flow.push(event);
    flow.cut();
    const { events } = echoRun();
    for (const event of events) flow.push(event);
    expect(momentOf(flow, 4)).toEqual(referenceMoment(before));
    for (let row = 0; row < events.length; row++)
      expect(momentOf(flow, before.length + row)).toEqual(referenceMoment(events.slice(0, row + 1)));
  });

  it("indexes events by link, process and item as a look at all events does", () => {
    fc.assert(
      fc.property(anyCalls, (calls) => {
        const { events } = perform(calls);
        const flow = flowOf(events);
        for (const { id, events: rows } of flow.links)
          expect(list(rows)).toEqual(referenceRows(events, ({ link }) => link === id));
        for (const { pid, events: rows } of flow.processes)
          expect(list(rows)).toEqual(referenceRows(events, ({ tgid }) => tgid === pid));
        for (let number = 0; number < flow.itemCount; number++)
          expect(flow.rowsOfItem(number)).toEqual(
            referenceRows(events, ({ item }) => item === flow.item(number).id),
          );
      }),
      { numRuns: 60 },
    );
  });

  it("takes events that no kernel would send without a word", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
        const flow = flowOf(events);
        events.forEach((_, row) => {
          flow.moment(row);
        });
        expect(flow.length).toBe(events.length);
      }),
      { numRuns: 100 },
    );
  });
});

function list(rows: Column): number[] {
  return Array.from({ length: rows.length }, (_, index) => rows.at(index));
}

function momentOf(flow: Flow, row: number): ReferenceMoment {
  const { processes, links } = flow.moment(row);
  return {
    pids: processes.map(({ pid }) => pid).sort((a, b) => a - b),
    queues: Object.fromEntries(
      links.map(({ link, waiting }) => [link.id, waiting.map((number) => flow.item(number).id)]),
    ),
  };
}

/** Few ids, so that they meet. */
const anyEvent: fc.Arbitrary<KernelEvent> = fc.record({
  type: fc.constantFrom(...KERNEL_EVENT_TYPES),
  flags: fc.nat(31),
  seq: fc.nat(9),
  timeNs: fc.constant(0),
  link: fc.nat(3),
  item: fc.nat(4),
  result: fc.integer({ min: -5, max: 5 }),
  value: fc.nat(4),
  len: fc.nat(9),
  items: fc.nat(3),
  bytes: fc.nat(9),
  pid: fc.nat(3),
  tgid: fc.nat(3),
  comm: fc.constantFrom("a", "b"),
  payload: fc.uint8Array({ maxLength: 3 }),
});

type Call = readonly [
  "write" | "read" | "poll" | "fork" | "exit" | "open" | "close" | "post",
  number,
  number,
];

const anyCalls = fc.array(
  fc.tuple(
    fc.constantFrom("write", "read", "poll", "fork", "exit", "open", "close", "post"),
    fc.nat(3),
    fc.nat(12),
  ),
  { maxLength: 60 },
);

/** Performs calls on up to four processes and as many links; what is impossible is left out. */
function perform(calls: readonly Call[], kernel = new ScriptedKernel(), first = 100): ScriptedKernel {
  const alive = [first];
  const links: number[] = [];
  kernel.fork(1, first);
  let nextPid = first + 1;
  for (const [name, who, size] of calls) {
    const pid = alive[who % alive.length];
    if (pid === undefined) break;
    const at = who % Math.max(1, links.length);
    const link = links[at];
    if (name === "open") links.push(kernel.open(pid, 3));
    else if (name === "fork") alive.push(nextPid) && kernel.fork(pid, nextPid++);
    else if (name === "exit") kernel.exit(pid) && alive.splice(alive.indexOf(pid), 1);
    else if (link === undefined) continue;
    else if (name === "write") kernel.write(pid, link, "x".repeat(size + 1));
    else if (name === "read") kernel.read(pid, link, size);
    else if (name === "poll") kernel.poll(pid, link);
    else if (name === "post") kernel.queue(pid, link, new Uint8Array(size + 1), "post");
    else kernel.close(pid, link) && links.splice(at, 1);
  }
  return kernel;
}

interface Readout {
  items: { id: number; born: number; gone: number | null }[];
  depth: [number, number][];
  alive: number;
}

function readout(flow: Flow): Readout {
  const items = Array.from({ length: flow.itemCount }, (_, number) => {
    const { id, born, gone } = flow.item(number);
    return { id, born, gone };
  });
  const depth = flow.links.map(({ id, events }): [number, number] => [
    id,
    flow.depth(events.at(events.length - 1)),
  ]);
  return { items, depth, alive: flow.runs.reduce((sum, run) => sum + run.alive, 0) };
}

/** Looks at all events for every question; no index, no state. */
function slowModel(events: readonly KernelEvent[]): Readout {
  const born = events.flatMap((event, row) =>
    event.type === "queue" || event.type === "post" ? [{ event, row }] : [],
  );
  const endOf = ({ event: { item, link } }: (typeof born)[number]) => {
    const end = events.findIndex(
      (event) =>
        (event.item === item && event.type === "read" && event.result > 0) ||
        (event.link === link && event.type === "release"),
    );
    return end < 0 ? null : end;
  };
  const created = events.filter(({ type }) => type === "create").map(({ link }) => link);
  const waitingAtEnd = (link: number) => {
    const released = events.some((event) => event.link === link && event.type === "release");
    const unread = born.filter((item) => item.event.link === link && endOf(item) === null).length;
    // A release still reports what was queued.
    return released ? (events.findLast((event) => event.link === link)?.items ?? 0) : unread;
  };
  const open = created.filter((id) => !events.some(({ link, type }) => link === id && type === "release"));
  const forked = events.filter(({ type }) => type === "fork").length;
  const exited = events.filter(({ type }) => type === "exit").length;
  return {
    items: born.map((item) => ({ id: item.event.item, born: item.row, gone: endOf(item) })),
    depth: created.map((id) => [id, waitingAtEnd(id)]),
    alive: open.length + forked - exited,
  };
}
