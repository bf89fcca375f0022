// SPDX-License-Identifier: MIT
import { expect, it } from "vitest";
import { SCENARIOS } from "../view/scenarios/Scenario.ts";
import { readAddress, withScenario } from "./Address.ts";

it("reads back every scenario that it writes, and leaves the rest of the address alone", () => {
  for (const scenario of SCENARIOS) {
    const url = new URL(withScenario("http://host/ddlab/?x=1&scenario=other#y", scenario));
    expect(readAddress(url.search)).toEqual({ scenario, minimal: false, host: null, problem: null });
    expect([url.pathname, url.searchParams.get("x"), url.hash]).toEqual(["/ddlab/", "1", "#y"]);
  }
  expect(withScenario("http://host/?scenario=fork", null)).toBe("http://host/");
});

it("says what it does not know", () => {
  expect(readAddress("?scenario=<b>&controls=minimal")).toEqual({
    scenario: null,
    minimal: true,
    host: null,
    problem: expect.stringContaining("“<b>”"),
  });
  expect(readAddress("")).toEqual({ scenario: null, minimal: false, host: null, problem: null });
});
