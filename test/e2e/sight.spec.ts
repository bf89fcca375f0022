// SPDX-License-Identifier: MIT
// What a stranger sees of a run that is over, before he has touched anything.

import type { Page } from "@playwright/test";
import { expect, test } from "./LabPage.ts";

interface Sight {
  readonly left: number;
  readonly hidden: number;
}

function sight(page: Page): Promise<Sight> {
  return page.getByRole("application").evaluate((scroller) => ({
    left: scroller.scrollLeft,
    hidden: scroller.scrollWidth - scroller.clientWidth - scroller.scrollLeft,
  }));
}

for (const [width, height] of [
  [1440, 900],
  [768, 1024],
] as const) {
  test(`a whole fork run is in sight at ${width} pixels`, async ({ lab, page }) => {
    await page.setViewportSize({ width, height });
    await lab.open();
    await lab.ddfork("5", "3");
    await lab.ended("exit 0");
    await expect.poll(() => sight(page)).toEqual({ left: 0, hidden: expect.closeTo(0, -1) });
    await expect(page.getByRole("button", { name: "goes on" })).toHaveCount(0);
  });
}

test("on a small screen it stands at its beginning, and says that it goes on", async ({ lab, page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await lab.open();
  await lab.ddfork("5", "3");
  await lab.ended("exit 0");
  const onward = page.getByRole("button", { name: "goes on" });
  await expect(onward).toBeVisible();
  await expect.poll(async () => (await sight(page)).left).toBe(0);
  await expect(page.locator("dd-flow-picture .lane").last()).toBeInViewport({ ratio: 1 });
  await onward.click();
  await expect.poll(async () => (await sight(page)).left).toBeGreaterThan(100);
  const { lineHeight, height } = await page.getByText(/^guest running/).evaluate((words) => ({
    lineHeight: Number.parseFloat(getComputedStyle(words).lineHeight),
    height: words.getBoundingClientRect().height,
  }));
  expect(height).toBeLessThan(lineHeight * 1.9);
});

for (const width of [360, 1000, 1100, 1300])
  test(`the sentence over the picture has room at ${width} pixels`, async ({ lab, page }) => {
    await page.setViewportSize({ width, height: 900 });
    await lab.open();
    await lab.ddtest();
    await lab.ended("exit 0");
    expect((await lab.summary.boundingBox())?.width).toBeGreaterThan(240);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
