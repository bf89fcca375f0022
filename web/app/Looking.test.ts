// SPDX-License-Identifier: MIT
import { describe, expect, it, vi } from "vitest";
import { Flow } from "../flow/Flow.ts";
import { parseFilter } from "../flow/filter/parse.ts";
import { FilterError } from "../flow/filter/tokens.ts";
import { echoRun, ScriptedKernel } from "../flow/ScriptedKernel.ts";
import { betweenMarkers, Looking, matchWords, occurringIn } from "./Looking.ts";

const { events } = echoRun(echoRun(new ScriptedKernel()), 77);

function flowOf(count = events.length): Flow {
  const flow = new Flow();
  for (const event of events.slice(0, count)) flow.push(event);
  return flow;
}

function filtered(looking: Looking, text: string): void {
  const filter = parseFilter(text);
  if (filter instanceof FilterError) throw filter;
  looking.filter(text, filter);
}

describe("Looking", () => {
  it("follows a flow that grows, and begins anew with another", () => {
    const looking = new Looking();
    const flow = flowOf(20);
    looking.follow(flow);
    filtered(looking, "op:create");
    looking.mark("A", 3);
    expect(matchWords(looking.state.value, flow.runs[0] ?? null)).toBe("1 of 18 events");
    for (const event of events.slice(20)) flow.push(event);
    looking.follow(flow);
    expect(matchWords(looking.state.value, flow.runs[0] ?? null)).toMatch(/^1 of \d+ events, 1 elsewhere$/);
    expect(looking.marked("A")).toBe(3);
    looking.follow(flowOf(5));
    expect(looking.state.value.markers).toEqual([]);
    expect(looking.state.value.matching?.count).toBe(1);
  });

  it("lets a person finish typing before it asks a large flow", () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const looking = new Looking();
    const flow = new Flow();
    for (let n = 0; flow.length < 60_000; n++)
      for (const event of events) flow.push({ ...event, link: event.link && n });
    looking.follow(flow);
    filtered(looking, "op:read");
    expect(looking.state.value).toMatchObject({ filter: "op:read", matching: null });
    vi.runAllTimers();
    expect(looking.state.value.matching?.count).toBeGreaterThan(1000);
    filtered(looking, "");
    expect(looking.state.value.matching).toBeNull();
    vi.useRealTimers();
  });

  it("measures between two markers, whichever comes first", () => {
    const looking = new Looking();
    const flow = flowOf();
    looking.follow(flow);
    looking.mark("B", 4);
    expect(betweenMarkers(flow, looking.state.value, true)).toBe("B at event 5");
    looking.mark("A", 6);
    expect(betweenMarkers(flow, looking.state.value, true)).toBe(
      "3.00 µs from B to A, at most 600 instructions, 2 events on",
    );
    expect(betweenMarkers(flow, looking.state.value, false)).toBe("3.00 µs from B to A, 2 events on");
    looking.clearMarkers();
    expect(betweenMarkers(flow, looking.state.value, true)).toBe("");
  });

  it("knows what completion may offer", () => {
    expect(occurringIn(flowOf())).toMatchObject({ link: [1, 2], comm: ["agent", "ddtest"], kind: ["echo"] });
  });
});
