// SPDX-License-Identifier: MIT
// What the page's address asks for: ?scenario=NAME, and, for a page within a page, controls=minimal and host=ORIGIN.

import { type Scenario, scenarioOf } from "../view/scenarios/Scenario.ts";

export interface Wish {
  readonly scenario: Scenario | null;
  /** Only the picture, with what belongs to it. */
  readonly minimal: boolean;
  /** The origin of the page around this one, when that has said so. */
  readonly host: string | null;
  /** A sentence on what cannot be had. */
  readonly problem: string | null;
}

export function readAddress(search: string): Wish {
  const given = new URLSearchParams(search);
  const name = given.get("scenario");
  const scenario = scenarioOf(name);
  const problem =
    name === null || scenario ? null : `There is no scenario “${name}”: choose one of those above.`;
  return { scenario, minimal: given.get("controls") === "minimal", host: given.get("host"), problem };
}

/** The same address, asking for another scenario or for none. */
export function withScenario(address: string, scenario: Scenario | null): string {
  const url = new URL(address);
  if (scenario) url.searchParams.set("scenario", scenario.id);
  else url.searchParams.delete("scenario");
  return url.href;
}
