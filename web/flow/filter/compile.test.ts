// SPDX-License-Identifier: MIT
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { errnoName } from "../../bridge/errno.ts";
import type { KernelEvent } from "../../bridge/KernelEvent.ts";
import { Flow } from "../Flow.ts";
import { outcomeOf } from "../Meaning.ts";
import { echoRun, forkRun, ScriptedKernel, troubleRun } from "../ScriptedKernel.ts";
import type { Filter, Test } from "./Filter.ts";
import { Matches } from "./Matches.ts";
import { parseFilter } from "./parse.ts";
import { anyFilter } from "./testFilters.ts";
import { FilterError } from "./tokens.ts";

function flowOf(events: readonly KernelEvent[]): Flow {
  const flow = new Flow();
  for (const event of events) flow.push(event);
  return flow;
}

const { events } = forkRun(troubleRun(echoRun(new ScriptedKernel())));
const flow = flowOf(events);

function filter(source: string): Filter {
  const parsed = parseFilter(source);
  if (parsed instanceof FilterError) throw parsed;
  return parsed;
}

function found(source: string): string[] {
  const matches = new Matches(flow, filter(source));
  return events.filter((_, row) => matches.has(row)).map(({ type, result }) => `${type} ${result}`);
}

describe("Matches", () => {
  it.each([
    ["op:read errno:EIO link:1", ["read -5", "read -5"]],
    ["errno:any op:write", ["write -105"]],
    ["is:dropped", ["drop 0"]],
    ["urgent op:post", ["post 0"]],
    ["comm=ddfork op:read result>0", ["read 3", "read 3"]],
    ["op:exec path or op:exec /bin/dd", ["exec 0", "exec 0"]],
    ["size>5 op:enter", ["enter 0"]],
    ["wait>30ms", ["read 3"]],
  ])("%j finds %j", (source, expected) => {
    expect(found(source)).toEqual(expected);
  });

  it("agrees with the slow, obvious evaluation on any filter", () => {
    fc.assert(
      fc.property(anyFilter, (filter) => {
        const matches = new Matches(flow, filter);
        const rows = events.flatMap((_, row) => (matches.has(row) ? [row] : []));
        expect(rows).toEqual(events.flatMap((_, row) => (slowly(filter, row) ? [row] : [])));
        expect(matches.count).toBe(rows.length);
      }),
      { numRuns: 400 },
    );
  });

  it("takes in what arrives later as if it had been there", () => {
    const grown = new Flow();
    const matches = new Matches(grown, filter("op:read result>0"));
    for (const event of events) {
      grown.push(event);
      matches.update();
      for (const run of grown.runs) {
        const rows = Array.from({ length: run.events.length }, (_, index) => run.events.at(index));
        expect(matches.countIn(run.events)).toBe(rows.filter((row) => matches.has(row)).length);
      }
    }
    const all = new Matches(flow, filter("op:read result>0"));
    expect(matches.count).toBe(all.count);
    expect(events.every((_, row) => matches.has(row) === all.has(row))).toBe(true);
  });

  it("goes to the next and the previous match, around the ends", () => {
    const matches = new Matches(flow, filter("op:create"));
    const rows = events.flatMap(({ type }, row) => (type === "create" ? [row] : []));
    const [a = 0, b = 0, c = 0] = rows;
    expect(rows).toHaveLength(3);
    expect([null, a, b, c].map((row) => matches.next(row, 1))).toEqual([a, b, c, a]);
    expect([null, a, b, c].map((row) => matches.next(row, -1))).toEqual([c, c, a, b]);
    expect(new Matches(flow, filter("nowhere")).next(3, 1)).toBeNull();
  });
});

/** Reads the filter again for every row, by the words of README.md. */
function slowly(filter: Filter, row: number): boolean {
  switch (filter.kind) {
    case "all":
      return true;
    case "text":
      return slowText(filter.text, row);
    case "test":
      return slowTest(filter, row);
    case "not":
      return !slowly(filter.part, row);
    case "and":
      return !filter.parts.some((part) => !slowly(part, row));
    case "or":
      return filter.parts.some((part) => slowly(part, row));
  }
}

const lower = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
const latin = (bytes: Uint8Array) => lower(String.fromCharCode(...bytes));

function slowText(text: string, row: number): boolean {
  const { payload, comm } = flow.event(row);
  const inPayload = latin(payload).includes(latin(new TextEncoder().encode(text)));
  return inPayload || lower(comm).includes(lower(text));
}

function slowTest({ field, comparison, values }: Test, row: number): boolean {
  const actual = slowValues(field, row);
  return values.some((value) =>
    actual.some((one) => {
      if (typeof one === "string" && typeof value === "string") {
        const contains = (field === "comm" || field === "kind") && comparison === ":";
        return contains ? lower(one).includes(lower(value)) : one === value;
      }
      const [a, b] = [Number(one), Number(value)];
      return { ":": a === b, "=": a === b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b }[comparison];
    }),
  );
}

function slowValues(field: Test["field"], row: number): (number | string)[] {
  const event = flow.event(row);
  const isCall = event.type === "read" || event.type === "write" || event.type === "ioctl";
  const onLink = <T>(value: T): T[] => (event.link === 0 ? [] : [value]);
  switch (field) {
    case "link":
      return onLink(event.link);
    case "item":
      return event.item === 0 ? [] : [event.item % 2 ** 32];
    case "op":
      return [event.type];
    case "errno":
      return isCall && event.result < 0 ? ["any", errnoName(-event.result)] : [];
    case "is": {
      const outcome = outcomeOf(event);
      return ["ok", "empty", "waits"].includes(outcome) ? [outcome] : [outcome, "trouble"];
    }
    case "flag": {
      const bits = { text: 1, truncated: 2, hidden: 4, thread: 8, nonblock: 16 };
      return Object.entries(bits).flatMap(([name, bit]) => (event.flags & bit ? [name] : []));
    }
    case "size":
      return onLink(event.len);
    case "result":
      return isCall ? [event.result] : [];
    case "queue":
      return onLink(event.items);
    case "bytes":
      return onLink(event.bytes);
    case "pid":
      return event.tgid === 0 ? [] : [event.tgid];
    case "comm":
      return [event.comm];
    case "kind":
      return [
        events.find(({ type, link }) => type === "create" && link === event.link && link !== 0) ? "echo" : "",
      ];
    case "time": {
      const first = flow.runOf(row)?.events.at(0) ?? row;
      return [event.timeNs - flow.timeNs(first)];
    }
    case "wait": {
      const ended = Array.from({ length: flow.itemCount }, (_, number) => flow.item(number)).find(
        ({ gone, number }) => gone === row && flow.itemOf(row)?.number === number,
      );
      return ended ? [event.timeNs - flow.timeNs(ended.born)] : [];
    }
    case "event":
      return [event.seq];
  }
}
