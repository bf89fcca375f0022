// SPDX-License-Identifier: MIT
import { describe, expect, it } from "vitest";
import { Flow } from "../../flow/Flow.ts";
import { echoRun, forkRun } from "../../flow/ScriptedKernel.ts";
import { dossierOf, hexRows } from "./Dossier.ts";

function flowOf(events: ReturnType<typeof echoRun>["events"]): Flow {
  const flow = new Flow();
  for (const event of events) flow.push(event);
  return flow;
}

describe("dossierOf", () => {
  const flow = flowOf(echoRun().events);
  const item = flow.item(0);

  it("tells an item's whole life: writer, tries, wait and reader", () => {
    const facts = dossierOf(flow, item.born).item.map(({ name, value }) => `${name}: ${value}`);
    expect(facts).toEqual([
      "item: 1 of link 1, 5 bytes",
      "queued by: queued by the handler of a write by ddtest (41)",
      "tried: ddtest with 3 bytes: EIO",
      "waited: 36.0 µs",
      "read by: ddtest (41), returned 5",
    ]);
  });

  it("shows a write's message, which the kernel reports before the handler runs", () => {
    const write = flow.partner(item.cause ?? 0) ?? 0;
    expect(flow.type(write)).toBe("write");
    expect(new TextDecoder().decode(dossierOf(flow, write).payload)).toBe("hello");
  });

  it("says how long a poll waited and what ended it", () => {
    const { events } = forkRun();
    const dossier = dossierOf(
      flowOf(events),
      events.findIndex(({ type }) => type === "poll"),
    );
    expect(dossier.facts.find(({ name }) => name === "waited")?.value).toMatch(/until the link woke it$/);
  });

  it("names the fields of a payload whose kind is known", () => {
    expect(dossierOf(flow, item.born).decoded).toMatchObject({
      name: "text",
      fields: [{ value: '"hello"' }],
    });
  });

  it("says that an unread item was freed", () => {
    const forked = flowOf(forkRun().events);
    const facts = dossierOf(forked, forked.item(2).born).item;
    expect(facts.at(-1)?.value).toContain("nobody: last close");
  });
});

it("writes payload as hex and text", () => {
  expect(hexRows(Uint8Array.of(104, 105, 0))).toEqual([{ at: "0000", hex: "68 69 00", text: "hi·" }]);
});
