// SPDX-License-Identifier: MIT
import { expect, it } from "vitest";
import { argvOf, SCENARIOS, scenarioOf } from "./Scenario.ts";

it("has an address of its own for each, and only lines that split into words", () => {
  expect(new Set(SCENARIOS.map(({ id }) => id)).size).toBe(SCENARIOS.length);
  for (const scenario of SCENARIOS) {
    expect(scenario.id).toMatch(/^[a-z][a-z-]*$/);
    expect(scenarioOf(scenario.id)).toBe(scenario);
    const lines = [...(scenario.before ?? []), scenario.line, ...(scenario.after ?? [])];
    for (const line of lines) expect(argvOf(line).length, line).toBeGreaterThan(1);
  }
  expect(scenarioOf("no-such")).toBeNull();
  expect(scenarioOf(null)).toBeNull();
});

it("says in one or two short sentences what to look for", () => {
  for (const { look, id } of SCENARIOS) {
    expect(look.length, id).toBeLessThan(150);
    expect(look, id).toMatch(/^[A-Z].*\.$/);
  }
});
