// SPDX-License-Identifier: MIT
import fc from "fast-check";
import { expect, it } from "vitest";
import { Flow } from "../../flow/Flow.ts";
import { echoRun, forkRun } from "../../flow/ScriptedKernel.ts";
import { AS_IT_CAME, type Order, type SortKey, TableRows } from "./TableRows.ts";

const { events } = forkRun(echoRun());
const flow = new Flow();
for (const event of events) flow.push(event);

function all(rows: TableRows): number[] {
  return Array.from({ length: rows.length }, (_, index) => rows.at(index));
}

const anyOrder: fc.Arbitrary<Order> = fc.record({
  by: fc.constantFrom<SortKey>("event", "process", "what", "link", "item", "bytes", "result", "queue"),
  descending: fc.boolean(),
});

it("has each row that matches once, and knows where each stands", () => {
  fc.assert(
    fc.property(anyOrder, fc.option(fc.uniqueArray(fc.nat(events.length - 1))), (order, some) => {
      const matching = some && new Set(some);
      const rows = new TableRows(flow, flow.whole, matching, order);
      const expected = events.map((_, row) => row).filter((row) => matching?.has(row) ?? true);
      expect([...all(rows)].sort((a, b) => a - b)).toEqual(expected);
      all(rows).forEach((row, index) => {
        expect(rows.indexOf(row)).toBe(index);
      });
      expect(rows.indexOf(events.length + 5)).toBeNull();
    }),
  );
});

it("sorts by size, the earlier first among equals", () => {
  const rows = all(new TableRows(flow, flow.whole, null, { by: "bytes", descending: true }));
  const sizes = rows.map((row) => flow.log.len(row));
  expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  rows.slice(1).forEach((row, index) => {
    if (sizes[index] === sizes[index + 1]) expect(row).toBeGreaterThan(rows[index] ?? 0);
  });
});

it("takes in what comes later", () => {
  const growing = new Flow();
  const rows = new TableRows(growing, growing.whole, { has: (row) => row % 2 === 0 }, AS_IT_CAME);
  for (const event of events.slice(0, 9)) growing.push(event);
  rows.update();
  expect(all(rows)).toEqual([0, 2, 4, 6, 8]);
});
