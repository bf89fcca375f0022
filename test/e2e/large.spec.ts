// SPDX-License-Identifier: MIT
// More than there is room for: from afar the picture is a canvas, and the table keeps only what is seen.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import type { KernelEvent } from "../../web/bridge/KernelEvent.ts";
import { openLog } from "../../web/flow/log/openLog.ts";
import { writeLog } from "../../web/flow/log/writeLog.ts";
import { concatenated, flowOf } from "../bench/recordedLog.ts";
import { expect, type LabPage, test } from "./LabPage.ts";

const PROGRAMS = 8;
const WORDS = "red orange yellow green blue indigo violet black white grey";

async function runMany(lab: LabPage): Promise<void> {
  const numbers = Array.from({ length: PROGRAMS }, (_, index) => index + 1).join(" ");
  await lab.start(`sh -c "for i in ${numbers}; do ddtest -b 3 ${WORDS} $i; done"`);
  await lab.ended("exit 0");
}

/** How many different colours the canvas shows: an empty one shows one. */
function colours(page: Page): Promise<number> {
  return page.locator("dd-flow-picture canvas").evaluate((canvas) => {
    if (!(canvas instanceof HTMLCanvasElement)) return 0;
    const pixels = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data;
    return new Set(pixels && new Uint32Array(pixels.buffer)).size;
  });
}

test("a large run is seen from afar, and from near again", async ({ lab, page }) => {
  await lab.open();
  await runMany(lab);
  await page.getByRole("button", { name: "Fit", exact: true }).click();
  const canvas = page.locator("dd-flow-picture canvas");
  await expect(canvas).toBeVisible();
  await expect.poll(() => colours(page)).toBeGreaterThan(5);
  const box = await canvas.boundingBox();
  if (!box) throw new Error("the canvas has no place");
  // The shell's own line is the first lane.
  await page.mouse.click(box.x + box.width / 2, box.y + 40);
  await expect(page.locator("dd-inspector h3")).toContainText(/sh /i);
  await page.mouse.move(box.x + box.width / 2, box.y + 40);
  await page.keyboard.down("Control");
  for (let turn = 0; turn < 4; turn++) await page.mouse.wheel(0, -400);
  await page.keyboard.up("Control");
  await expect(lab.picture.locator("svg text.payload").first()).toBeAttached();
  await expect(canvas).toHaveCount(0);
});

test("of a long table only the seen rows are in the page; it can be sorted", async ({ lab, page }) => {
  await lab.open();
  await runMany(lab);
  await lab.tab("All events");
  const table = page.getByRole("region", { name: "Events of the run" });
  const rows = table.locator("tbody tr[data-type]");
  await expect.poll(() => rows.count()).toBeLessThan(200);
  const count = Number(await table.locator("table").getAttribute("aria-rowcount"));
  expect(count).toBeGreaterThan(400);
  await table.evaluate((scroller) => scroller.scrollTo(0, scroller.scrollHeight));
  await expect(table.locator(`tr[aria-rowindex="${count}"]`)).toBeVisible();
  await table.getByRole("button", { name: "bytes", exact: true }).click();
  await table.getByRole("button", { name: "bytes", exact: true }).click();
  await expect(table.getByRole("columnheader", { name: "bytes" })).toHaveAttribute("aria-sort", "descending");
  await table.evaluate((scroller) => scroller.scrollTo(0, 0));
  const sizes = await rows.evaluateAll((all) =>
    all.slice(0, 20).map((row) => Number(row.children[6]?.textContent)),
  );
  expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  expect(sizes[0]).toBeGreaterThan(0);
});

/** Real events of the fork scenario, again and again. */
async function longLog(events: number): Promise<string> {
  const file = await readFile(fileURLToPath(new URL("golden/fork.json", import.meta.url)));
  const recorded: KernelEvent[] = [];
  for await (const { entries } of openLog(new Blob([file]).stream()))
    recorded.push(...entries.filter((entry) => entry !== "cut"));
  return [...writeLog(flowOf(concatenated(recorded, events)))].join("");
}

/** Opens the first half of a log; `globalThis.goOn(text)` gives what comes then. */
async function openHalf(page: Page, text: string): Promise<void> {
  await page.evaluate((text) => {
    const bytes = new TextEncoder().encode(text);
    const half = bytes.length >> 1;
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(bytes.slice(0, half));
        Reflect.set(globalThis, "goOn", (rest: string | null) => {
          controller.enqueue(rest === null ? bytes.slice(half) : new TextEncoder().encode(rest));
          controller.close();
        });
      },
    });
    Reflect.get(globalThis, "ddlab").open("half.json", stream, bytes.length);
  }, text);
}

test("a log is drawn while it comes in, with its progress in bytes, and can be looked at", async ({
  lab,
  page,
}) => {
  await lab.open();
  await openHalf(page, await longLog(40_000));
  await expect(page.getByRole("progressbar", { name: "Reading the log" })).toBeVisible();
  await expect(
    page.getByText(/half\.json 1\.\d of [23]\.\d MB read, [12]\d,\d{3} of 40,000 events/),
  ).toBeVisible();
  await expect.poll(() => colours(page)).toBeGreaterThan(3);
  await page.getByRole("combobox", { name: /Filter/ }).fill("errno:EIO");
  await expect(page.getByText(/of [12]\d{4} events/)).toBeVisible();
  await page.evaluate(() => Reflect.get(globalThis, "goOn")(null));
  await expect(page.getByText("half.json 40,000 saved events")).toBeVisible();
  await expect(page.getByText(/of 40000 events/)).toBeVisible();
  await expect(page.getByRole("progressbar")).toHaveCount(0);
});

/** Opens a log of so many events, whole. */
async function openLong(page: Page, events: number): Promise<void> {
  await openHalf(page, await longLog(events));
  await page.evaluate(() => Reflect.get(globalThis, "goOn")(null));
  await expect(page.getByText(`half.json ${events.toLocaleString("en")} saved events`)).toBeVisible();
}

/** The most pixels of the canvas that were black in one of the next frames. */
function blackest(page: Page, frames: number): Promise<number> {
  return page.locator("dd-flow-picture canvas").evaluate(async (canvas, frames) => {
    if (!(canvas instanceof HTMLCanvasElement)) return Number.NaN;
    let most = 0;
    for (let frame = 0; frame < frames; frame++) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
      copy?.drawImage(canvas, 0, 0);
      const pixels = new Uint32Array(copy?.getImageData(0, 0, canvas.width, canvas.height).data.buffer ?? []);
      most = Math.max(most, pixels.filter((pixel) => pixel === 0xff000000).length);
    }
    return most;
  }, frames);
}

test("what is still to be painted is empty, not black", async ({ lab, page }) => {
  await lab.open();
  await openLong(page, 60_000);
  await page.locator("dd-flow-picture canvas").waitFor();
  const black = blackest(page, 40);
  await page.setViewportSize({ width: 1300, height: 760 });
  expect(await black).toBe(0);
});

/** Doubles the scale, scrolls by some pixels a frame later, and gives the first event in sight before that and after. */
function zoomAndScroll(page: Page, pixels: number): Promise<number[]> {
  return page.locator("dd-flow-picture").evaluate(async (picture, pixels) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const first = () => Number(Reflect.get(picture, "range").from);
    Reflect.get(picture, "zoom").call(picture, 2);
    await frame();
    const before = first();
    picture.shadowRoot?.querySelector(".scroller")?.scrollBy(pixels, 0);
    await frame();
    await frame();
    return [before, first()];
  }, pixels);
}

/** The first event in sight, and pixels of all that can be scrolled. */
function scrolling(page: Page): Promise<{ first: number; width: number }> {
  return page.locator("dd-flow-picture").evaluate((picture) => ({
    first: Number(Reflect.get(picture, "range").from),
    width: picture.shadowRoot?.querySelector(".scroller")?.scrollWidth ?? 0,
  }));
}

test("from afar the picture is zoomed at once, and what scrolls it follows", async ({ lab, page }) => {
  await lab.open();
  await openLong(page, 40_000);
  await zoomAndScroll(page, 0);
  await expect.poll(async () => (await scrolling(page)).width).toBeGreaterThan(1700);
  const { width } = await scrolling(page);
  const [zoomed = 0, scrolled = 0] = await zoomAndScroll(page, 200);
  expect(scrolled).toBeGreaterThan(zoomed + 1000);
  await expect.poll(async () => (await scrolling(page)).width).toBeGreaterThan(1.8 * width);
  expect(Math.abs((await scrolling(page)).first - scrolled)).toBeLessThan(100);
});

test("a log that is opened while its picture has no room is there when that has some", async ({
  lab,
  page,
}) => {
  await page.setViewportSize({ width: 768, height: 1024 });
  await lab.open();
  const picture = page.locator("dd-flow-picture");
  await picture.evaluate(({ style }) => style.setProperty("width", "0"));
  await openLong(page, 40_000);
  await picture.evaluate(({ style }) => style.removeProperty("width"));
  await expect.poll(() => colours(page)).toBeGreaterThan(3);
  const [first] = await zoomAndScroll(page, 0);
  expect(first).toBeGreaterThan(8000);
  expect(first).toBeLessThan(12_000);
});

test("of a log that turns out to be damaged nothing stays, and one can leave it before", async ({
  lab,
  page,
}) => {
  await lab.open();
  await lab.ddtest({ words: "kept" });
  await lab.ended("exit 0");
  const summary = await lab.summary.textContent();
  const text = await longLog(20_000);
  await openHalf(page, text);
  await expect(page.getByRole("progressbar")).toBeVisible();
  await page.evaluate(() => Reflect.get(globalThis, "goOn")("no event\n"));
  await expect(page.locator(".notice [role=alert]")).toHaveText(/^The event log is damaged at line \d+: /);
  await expect(lab.summary).toHaveText(summary ?? "");
  await openHalf(page, text);
  await page.getByRole("button", { name: "Back to the guest" }).click();
  await expect(page.getByRole("progressbar")).toHaveCount(0);
  await page.evaluate(() => Reflect.get(globalThis, "goOn")(null));
  await expect(lab.summary).toHaveText(summary ?? "");
});
