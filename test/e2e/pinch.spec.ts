// SPDX-License-Identifier: MIT
// Two fingers on the picture, as the browser itself sends them.

import type { CDPSession, Locator, Page } from "@playwright/test";
import { expect, type LabPage, test } from "./LabPage.ts";

test.use({ hasTouch: true, viewport: { width: 768, height: 1024 } });

const STEPS = 12;

interface Middle {
  readonly x: number;
  readonly y: number;
}

async function middleOf(locator: Locator): Promise<Middle> {
  const box = await locator.boundingBox();
  if (!box) throw new Error("it has no place on the page");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Two fingers around a point, from so many pixels apart to so many. */
async function pinch(touch: CDPSession, { x, y }: Middle, from: number, to: number): Promise<void> {
  const fingers = (apart: number) => [
    { x: x - apart / 2, y, id: 1 },
    { x: x + apart / 2, y, id: 2 },
  ];
  await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: fingers(from) });
  for (let step = 1; step <= STEPS; step++) {
    const apart = from + ((to - from) * step) / STEPS;
    await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: fingers(apart) });
  }
  await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
}

/** Pixels between the first two items of the run. */
async function distance(lab: LabPage): Promise<number> {
  const items = lab.picture.locator("rect.item");
  return (await middleOf(items.nth(1))).x - (await middleOf(items.nth(0))).x;
}

async function pageScale(page: Page): Promise<number> {
  return page.evaluate(() => visualViewport?.scale ?? 0);
}

test("two fingers zoom the picture around what lies between them, and not the page", async ({
  lab,
  page,
  context,
}) => {
  await lab.open();
  await lab.ddtest({ words: "one two three four five six" });
  await lab.ended("exit 0");
  await lab.picture.scrollIntoViewIfNeeded();
  const touch = await context.newCDPSession(page);
  const third = lab.picture.locator("rect.item").nth(2);
  const [before, apart] = [await middleOf(third), await distance(lab)];
  await pinch(touch, before, 80, 160);
  await expect.poll(() => distance(lab)).toBeCloseTo(2 * apart, -1);
  await expect.poll(async () => Math.abs((await middleOf(third)).x - before.x)).toBeLessThan(20);
  await pinch(touch, before, 160, 80);
  await expect.poll(() => distance(lab)).toBeCloseTo(apart, -1);
  expect(await pageScale(page)).toBe(1);
});
