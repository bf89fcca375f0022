// SPDX-License-Identifier: MIT
// No violation that axe can find, in every state a person meets, in light, dark and forced colours.

import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, type LabPage, test } from "./LabPage.ts";

async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
}

const STATES: Readonly<Record<string, (lab: LabPage, page: Page) => Promise<void>>> = {
  "before the first run": async () => {},
  "after a run": async (lab) => {
    await lab.ddtest({ buffer: "3" });
    await lab.ended("exit 0");
  },
  "with the table": async (lab) => {
    await lab.ddfork("3", "2");
    await lab.ended("exit 0");
    await lab.tab("All events");
  },
  "with a filter, markers and its help": async (lab, page) => {
    await lab.ddtest();
    await lab.ended("exit 0");
    await page.getByRole("button", { name: "How to filter" }).click();
    await page.getByRole("combobox", { name: "Filter events" }).fill("op:read");
    await page.keyboard.press("Enter");
    await lab.picture.focus();
    await page.keyboard.press("[");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("]");
  },
  "with a mistake in the filter": async (lab, page) => {
    await lab.ddtest();
    await lab.ended("exit 0");
    await page.getByRole("combobox", { name: "Filter events" }).fill("size>much");
    await expect(page.locator("dd-filter").getByRole("alert")).toBeVisible();
  },
  "with completions": async (lab, page) => {
    await lab.ddtest();
    await lab.ended("exit 0");
    await page.getByRole("combobox", { name: "Filter events" }).fill("op:");
    await page.keyboard.press("ArrowDown");
  },
  "with the palette": async (lab, page) => {
    await lab.ddtest();
    await lab.ended("exit 0");
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("dialog")).toBeVisible();
  },
  "with all keys": async (_, page) => {
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog")).toBeVisible();
  },
  "with a comparison": async (lab) => {
    await lab.ddtest({ words: "one" });
    await lab.ended("exit 0");
    await lab.ddtest({ words: "two" });
    await lab.ended("exit 0");
    await lab.tab("Compare");
  },
  "with the console": async (lab) => {
    await lab.tab("Console");
  },
  "with a problem": async (lab, page) => {
    await lab.ddtest({ buffer: "many" });
    await lab.start("no-such-program");
    await expect(page.getByRole("alert").filter({ hasText: "no-such-program" })).toBeVisible();
  },
};

for (const scheme of ["light", "dark"] as const) {
  for (const [state, reach] of Object.entries(STATES)) {
    test(`axe finds nothing, ${scheme}, ${state}`, async ({ lab, page }) => {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      await lab.open();
      await reach(lab, page);
      expect(await violations(page)).toEqual([]);
    });
  }
}

test("axe finds nothing in forced colours", async ({ lab, page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await lab.open();
  await lab.ddtest();
  await lab.ended("exit 0");
  expect(await violations(page)).toEqual([]);
});

for (const [width, height] of [
  [1440, 900],
  [768, 1024],
  [360, 740],
] as const) {
  test(`nothing sticks out sideways at ${width} pixels`, async ({ lab, page }) => {
    await page.setViewportSize({ width, height });
    await lab.open();
    await lab.ddtest();
    await lab.ended("exit 0");
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
}
