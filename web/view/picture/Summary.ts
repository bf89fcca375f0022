// SPDX-License-Identifier: MIT
// The picture in one sentence, for those who do not see it and for the live region.

import { grouped } from "../../base/grouped.ts";
import type { Flow } from "../../flow/Flow.ts";
import { type Link, type Process, type Run, WHOLE } from "../../flow/Lives.ts";
import type { Outcome } from "../../flow/Meaning.ts";

/** A log may have a hundred thousand processes, and it is asked for with each rendering. */
const known = new WeakMap<Run, { readonly events: number; readonly names: string }>();

function namesOf(run: Run): string {
  const last = known.get(run);
  if (last?.events === run.events.length) return last.names;
  const names = [...new Set(run.processes.map(({ comm }) => comm))].join(" and ");
  known.set(run, { events: run.events.length, names });
  return names;
}

export function pictureSummary(run: Run): string {
  const { tally, alive } = run;
  const names = namesOf(run);
  const parts = [
    amount(tally.written, "message written", "messages written"),
    amount(tally.read, "item read", "items read"),
    ...TROUBLES.map(([outcome, one, many]) => amount(tally.of(outcome), one, many)),
  ];
  const said = parts.filter((part) => part !== "").join(", ") || "nothing on any link yet";
  return `${names || "Run"}: ${said}${alive === 0 ? "" : ", still going on"}.`;
}

const TROUBLES: readonly (readonly [Outcome, string, string])[] = [
  ["too-small", "read failed with EIO", "reads failed with EIO"],
  ["empty", "empty read", "empty reads"],
  ["full", "write refused by a full queue", "writes refused by a full queue"],
  ["fault", "call failed with EFAULT", "calls failed with EFAULT"],
  ["refused", "call refused", "calls refused"],
  ["dropped", "item dropped", "items dropped"],
];

function amount(count: number, one: string, many: string): string {
  return count === 0 ? "" : `${grouped(count)} ${count === 1 ? one : many}`;
}

/** Who lives and what waits in a run right after one of its events. */
export function momentSummary(flow: Flow, run: Run, row: number): string {
  const { processes, links } = flow.moment(row);
  const here = (life: Process | Link) => run.ordinal === WHOLE || life.run === run;
  const open = links.filter(({ link }) => here(link));
  const waiting = open.reduce((sum, link) => sum + link.waiting.length, 0);
  const count = (number: number, one: string, many: string) =>
    number === 0 ? `no ${one}` : amount(number, one, many);
  return `Here ${[
    count(processes.filter(here).length, "process lives", "processes live"),
    count(open.length, "link is open", "links are open"),
    count(waiting, "item waits", "items wait"),
  ].join(", ")}.`;
}
