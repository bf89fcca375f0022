// SPDX-License-Identifier: MIT
// The picture in one sentence, for those who do not see it and for the live region.

import type { Flow } from "../../flow/Flow.ts";
import type { Run } from "../../flow/Lives.ts";
import { type Outcome, outcomeOf } from "../../flow/Meaning.ts";

export function pictureSummary(flow: Flow, run: Run): string {
  const names = [...new Set(run.processes.map(({ comm }) => comm))].join(" and ");
  const counts = countCalls(flow, run);
  const parts = [
    amount(counts.written, "message written", "messages written"),
    amount(counts.read, "item read", "items read"),
    ...TROUBLES.map(([outcome, one, many]) => amount(counts.outcomes.get(outcome) ?? 0, one, many)),
  ];
  const said = parts.filter((part) => part !== "").join(", ") || "nothing on any link yet";
  return `${names || "Run"}: ${said}${run.alive === 0 ? "" : ", still going on"}.`;
}

const TROUBLES: readonly (readonly [Outcome, string, string])[] = [
  ["too-small", "read failed with EIO", "reads failed with EIO"],
  ["empty", "empty read", "empty reads"],
  ["full", "write refused by a full queue", "writes refused by a full queue"],
  ["fault", "call failed with EFAULT", "calls failed with EFAULT"],
  ["refused", "call refused", "calls refused"],
  ["dropped", "item dropped", "items dropped"],
];

interface Counts {
  written: number;
  read: number;
  readonly outcomes: Map<Outcome, number>;
}

function countCalls(flow: Flow, run: Run): Counts {
  const counts: Counts = { written: 0, read: 0, outcomes: new Map() };
  for (let index = 0; index < run.events.length; index++) {
    const event = flow.event(run.events.at(index));
    const outcome = outcomeOf(event);
    if (event.type === "write" && outcome === "ok") counts.written++;
    if (event.type === "read" && outcome === "ok") counts.read++;
    counts.outcomes.set(outcome, (counts.outcomes.get(outcome) ?? 0) + 1);
  }
  return counts;
}

function amount(count: number, one: string, many: string): string {
  return count === 0 ? "" : `${count} ${count === 1 ? one : many}`;
}
