// SPDX-License-Identifier: MIT
// The picture with a million stored events and two thousand in sight, in Chromium with software rendering: how fast a
// saved log comes in, how even its frames are while a person pans and zooms, and how much of each is script and layout.
// Beside it, in turn, a page that paints one pixel a frame: how even frames can be here.

import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "@playwright/test";
import * as v from "valibot";
import { ROOT } from "../../kernel/build/paths.ts";
import { DIST } from "../../web/cli/freshness.ts";
import { writeLog } from "../../web/flow/log/writeLog.ts";
import { chromiumArgs, chromium as executable } from "../e2e/browser.ts";
import { type Frames, framesOf, TRACE_CATEGORIES } from "./frames.ts";
import { type Metric, type Metrics, metric, percentile, repeat } from "./metrics.ts";
import { concatenated, flowOf, recordScenarios } from "./recordedLog.ts";
import { serveFolder } from "./serveFolder.ts";

const EVENTS = 1_000_000;
const VISIBLE = 2000;
const MOVING_MS = 4000;
const SETTLE_MS = 500;
const VIEWPORT = { width: 1440, height: 900 };
const READINGS = 5;
const ROUNDS = 7;
const PRESS_APART_MS = 40;
const READY_MS = 60_000;
const DEADLINE_MS = 240_000;
const MOVE_VIEW = join(ROOT, "test/bench/moveView.js");
const ONE_PIXEL = "onePixel.html";

/** With the guest at rest, and the build kept for use without a network: neither goes on behind what is measured. */
async function openPage(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage({ viewport: VIEWPORT });
  page.setDefaultTimeout(DEADLINE_MS);
  await page.addInitScript({ path: MOVE_VIEW });
  await page.goto(url);
  await page.getByText(/^guest running/).waitFor({ timeout: READY_MS });
  await page.evaluate("ddbench.kept()");
  await page.waitForTimeout(SETTLE_MS);
  return page;
}

/** Presses a key that does nothing, again and again. */
async function pressWhile(page: Page, work: Promise<unknown>): Promise<void> {
  let over = false;
  void work.finally(() => {
    over = true;
  });
  while (!over) {
    await page.keyboard.press("Shift");
    await page.waitForTimeout(PRESS_APART_MS);
  }
}

/** The browser's trace of what `work` does. */
async function traced(browser: Browser, work: () => Promise<unknown>): Promise<unknown[]> {
  const session = await browser.newBrowserCDPSession();
  const events: unknown[] = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  await session.send("Tracing.start", { traceConfig: { includedCategories: TRACE_CATEGORIES } });
  await work();
  const complete = new Promise<void>((resolve) => session.once("Tracing.tracingComplete", () => resolve()));
  await session.send("Tracing.end");
  await complete;
  await session.detach();
  return events;
}

/** The frames of a page that is looked at, while it moves. */
async function framesWhileMoving(browser: Browser, page: Page): Promise<Frames> {
  await page.bringToFront();
  await page.waitForTimeout(SETTLE_MS);
  return framesOf(await traced(browser, () => page.evaluate(`ddbench.move(${MOVING_MS})`)));
}

function p95(rounds: readonly (readonly number[])[]): Metric {
  return metric(
    rounds.map((values) => percentile(values, 95)),
    "ms",
  );
}

interface Reading {
  readonly page: Page;
  /** Until all of the log was in the model, and from each key to its turn. */
  readonly ms: number;
  readonly delays: readonly number[];
}

/** A new page reads the whole log while somebody presses keys. */
async function read(browser: Browser, url: string, log: string): Promise<Reading> {
  const page = await openPage(browser, url);
  await page.evaluate("ddbench.chooser()");
  await page.setInputFiles("#log", log);
  const opening = page.evaluate("ddbench.open()").then(Number);
  await pressWhile(page, opening);
  const ms = await opening;
  return { page, ms, delays: v.parse(v.array(v.number()), await page.evaluate("ddbench.delays")) };
}

/** A browser that has shown nothing yet: what is left of large pages would be collected in the middle of others. */
async function inBrowser<T>(work: (browser: Browser) => Promise<T>): Promise<T> {
  const options = { args: chromiumArgs, ...(executable ? { executablePath: executable } : {}) };
  const browser = await chromium.launch(options);
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}

async function measureReading(url: string, log: string): Promise<Metrics> {
  const readings = await repeat(READINGS, () => inBrowser((browser) => read(browser, url, log)));
  const delays = readings.flatMap((reading) => reading.delays);
  return {
    "flow.ingest.events_per_s": metric(
      readings.map(({ ms }) => (EVENTS / ms) * 1000),
      "events/s",
    ),
    "view.ingest.input_ms": metric(delays, "ms"),
    "view.ingest.input.p95_ms": metric([percentile(delays, 95)], "ms"),
    "view.ingest.input.worst_ms": metric(
      readings.map((reading) => Math.max(...reading.delays)),
      "ms",
    ),
  };
}

async function measureFrames(browser: Browser, url: string, log: string): Promise<Metrics> {
  const { page } = await read(browser, url, log);
  const pixel = await browser.newPage({ viewport: VIEWPORT });
  await pixel.goto(new URL(ONE_PIXEL, url).href);
  const rounds = await repeat(ROUNDS, async () => {
    const floor = await framesWhileMoving(browser, pixel);
    const middle = EVENTS / 2;
    await page.bringToFront();
    await page.evaluate(`ddbench.look(${middle}, ${middle + VISIBLE})`);
    return { floor, ...(await framesWhileMoving(browser, page)) };
  });
  return {
    "view.frame.p95_ms": p95(rounds.map(({ seen }) => seen)),
    "view.frame.swap.p95_ms": p95(rounds.map(({ swaps }) => swaps)),
    "view.frame.swap.floor.p95_ms": p95(rounds.map(({ floor }) => floor.swaps)),
    "view.frame.dropped": metric(
      rounds.map(({ dropped }) => dropped),
      "ratio",
    ),
    "view.script.p95_ms": p95(rounds.map(({ work }) => work)),
  };
}

export async function view(): Promise<Metrics> {
  const folder = await mkdtemp(join(tmpdir(), "ddlab-view-"));
  const site = join(folder, "site");
  await cp(DIST, site, { recursive: true });
  await cp(join(ROOT, "test/bench", ONE_PIXEL), join(site, ONE_PIXEL));
  const log = join(folder, "events.json");
  await writeFile(log, [...writeLog(flowOf(concatenated(await recordScenarios(), EVENTS)))]);
  const server = await serveFolder(site);
  try {
    const reading = await measureReading(server.url, log);
    const frames = await inBrowser((browser) => measureFrames(browser, server.url, log));
    return { ...reading, ...frames };
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}
