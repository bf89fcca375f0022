// SPDX-License-Identifier: MIT
// The page's events against two other witnesses of the same run: tracefs' own `trace`, and what ddtest printed.

import { type EventRow, expect, test } from "./LabPage.ts";

const TRACING = "/sys/kernel/tracing";

test("every event of a run agrees with the kernel's tracepoints and with ddtest's prints", async ({
  lab,
}) => {
  await lab.open();
  await lab.command(`sh -c "echo > ${TRACING}/trace; echo 1 > ${TRACING}/events/ddlink/enable"`);
  await lab.ddtest({ words: "one three seventeen", buffer: "4" });
  await lab.ended("exit 0");
  const printed = await lab.printed();
  const shown = (await lab.events()).filter(({ link }) => link !== "");
  const traced = traceOf(await lab.command(`cat ${TRACING}/trace`), shown[0]?.link ?? "");
  expect(shown.length).toBeGreaterThan(15);
  expect(shown.map(comparable)).toEqual(traced);
  expect(returnsShown(shown)).toEqual(returnsPrinted(printed));
});

/** What both witnesses say of an event. */
interface Witness {
  readonly type: string;
  readonly item: number;
  readonly len: number | null;
  readonly items: number;
  readonly result: number | null;
}

/** The events whose tracepoint has a message or an item at hand, and so its length. */
const MEASURED = ["enter", "queue", "post", "read", "drop"];

function length(type: string, len: unknown): number | null {
  return MEASURED.includes(type) ? Number(len) : null;
}

const ERRNO: Readonly<Record<string, number>> = { EIO: -5 };

function comparable({ type, item, len, items, result }: EventRow): Witness {
  return {
    type,
    item: Number(item),
    len: length(type, len),
    items: Number(items),
    result: returned(type, result),
  };
}

/** Only calls return something; a poll's result is its mask. */
function returned(type: string, result: string): number | null {
  return ["read", "write", "ioctl"].includes(type) ? (ERRNO[result] ?? Number(result)) : null;
}

const LINE = / ddlink_(\w+): link=(\d+) .*?item=(\d+) len=(\d+) value=\S+ result=(-?\d+) items=(\d+)/;

function traceOf(trace: string, link: string): Witness[] {
  return trace.split("\n").flatMap((line) => {
    const [, type = "", of, item, len, result = "", items] = LINE.exec(line) ?? [];
    if (of !== link) return [];
    const number = Number(BigInt(item ?? 0) % 2n ** 32n);
    return [
      { type, item: number, len: length(type, len), items: Number(items), result: returned(type, result) },
    ];
  });
}

function returnsShown(events: readonly EventRow[]): string[] {
  return events
    .filter(({ type }) => type === "write" || type === "read")
    .map(({ type, result }) => `${type} ${result}`);
}

function returnsPrinted(output: string): string[] {
  return [...output.matchAll(/^(write|read)\(.*\) = (?:-1 (\w+)|(\d+))/gm)].map(
    ([, call, error, count]) => `${call} ${error ?? count}`,
  );
}
