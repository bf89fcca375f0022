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

/** States that are reached on the way to a guest, or without one. */
const WAYS: Readonly<Record<string, (lab: LabPage, page: Page) => Promise<void>>> = {
  "while it loads": async (_, page) => {
    await page.route("**/checkpoint.bin", () => {});
    await page.goto("./");
    await expect(page.getByText("Loading the guest")).toBeVisible();
  },
  "when there are no images": async (_, page) => {
    await page.route("**/images/*", (route) => route.fulfill({ status: 404 }));
    await page.goto("./");
    await expect(page.getByRole("button", { name: "Try again" })).toBeVisible();
  },
  "when the guest is lost": async (lab, page) => {
    await page.goto("./?scenario=echo");
    await lab.ended("exit 0");
    await lab.start('sh -c "echo c > /proc/sysrq-trigger"');
    await expect(page.getByRole("button", { name: "Restart the guest" })).toBeVisible();
  },
  "when the agent has ended": async (lab, page) => {
    await lab.open();
    await lab.start('sh -c "kill -9 $PPID"');
    await expect(page.getByRole("alert").filter({ hasText: "agent in the guest" })).toBeVisible();
  },
  "with a scenario": async (lab, page) => {
    await page.goto("./?scenario=fork");
    await lab.ended("exit 0");
    await page.locator("summary").getByText("Marks").click();
  },
  "with an address that asks for nothing there is": async (lab, page) => {
    await page.goto("./?scenario=no-such");
    await lab.ready();
  },
  "when a newer build is there": async (lab, page) => {
    await lab.open();
    await page.locator("dd-page").evaluate((page) => Reflect.get(page, "offer").call(page, () => {}));
    await expect(page.getByRole("button", { name: "Update" })).toBeVisible();
  },
  "as a part of another page": async (_, page) => {
    await page.goto("./?scenario=fork&controls=minimal");
    await expect(page.locator("dd-flow-panel .summary")).toContainText("3 items read");
  },
  "as a part of another page, with the choice": async (lab, page) => {
    await page.goto("./?controls=minimal");
    await lab.ready();
  },
  "on the page of examples": async (_, page) => {
    await page.goto("examples/");
    await expect(page.frameLocator("dd-lab iframe").locator("dd-flow-panel .summary")).toBeVisible();
  },
};

const MEDIA = [
  { colorScheme: "light", forcedColors: "none" },
  { colorScheme: "dark", forcedColors: "none" },
  { colorScheme: "light", forcedColors: "active" },
] as const;

async function checkAll(page: Page): Promise<void> {
  for (const media of MEDIA) {
    await page.emulateMedia({ ...media, reducedMotion: "reduce" });
    expect.soft(await violations(page), JSON.stringify(media)).toEqual([]);
  }
}

for (const [state, reach] of Object.entries(STATES)) {
  test(`axe finds nothing ${state}`, async ({ lab, page }) => {
    await lab.open();
    await reach(lab, page);
    await checkAll(page);
  });
}

test.describe("on the way", () => {
  test.use({ allowed: /404|Failed to load resource/ });
  for (const [state, reach] of Object.entries(WAYS)) {
    test(`axe finds nothing ${state}`, async ({ lab, page }) => {
      await reach(lab, page);
      await checkAll(page);
    });
  }
});

for (const [width, height] of [
  [1440, 900],
  [768, 1024],
  [360, 740],
] as const) {
  test(`nothing sticks out sideways at ${width} pixels`, async ({ lab, page }) => {
    await page.setViewportSize({ width, height });
    await page.goto("./?scenario=two-readers");
    await lab.ended("exit 0");
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
}
