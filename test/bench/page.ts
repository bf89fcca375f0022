// SPDX-License-Identifier: MIT
// From opening the page to the first item drawn: booting cold, from the checkpoint, and, for comparison, how long v86
// alone takes on a bare page to answer from the same saved state. In turn, in one browser, each with an empty cache.
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "@playwright/test";
import { build } from "vite";
import { ROOT } from "../../kernel/build/paths.ts";
import { DIST } from "../../web/cli/freshness.ts";
import { gzip } from "../../web/machine/gzip.ts";
import { chromiumArgs, chromium as executable } from "../e2e/browser.ts";
import { firstItem } from "./firstItem.ts";
import { type Metrics, metric, repeat } from "./metrics.ts";
import { serveFolder } from "./serveFolder.ts";
import { v86State } from "./v86State.ts";

const ROUNDS = 21;
const COLD_ROUNDS = 3;
/** They must all be the same. */
const COUNTS = 3;
const DEADLINE_MS = 120_000;
/** A new window of Chromium first loads pages of its own beside ours, which a person's open browser does not. */
const WINDOW_SETTLES_MS = 1500;

const PRESS_AND_WATCH = join(ROOT, "test/bench/pressAndWatch.js");

interface Visit {
  readonly url: string;
  /** A file that runs in the page before its own scripts. */
  readonly script?: string;
  readonly withoutCheckpoint?: boolean;
}

/** What a page says when it has been opened. */
const OPENED = /^opened in (\d+(\.\d+)?) ms$/;

/**
 * Opens the page in a new context and gives the milliseconds that it says on its console. To ask the page itself would
 * put Playwright's own script into it, a third of a megabyte, while it loads.
 */
async function visit(browser: Browser, { url, script, withoutCheckpoint }: Visit): Promise<number> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    if (script) await page.addInitScript({ path: script });
    if (withoutCheckpoint) await page.route("**/checkpoint.json", (route) => route.fulfill({ status: 404 }));
    await page.waitForTimeout(WINDOW_SETTLES_MS);
    const opened = page.waitForEvent("console", {
      predicate: (message) => OPENED.test(message.text()),
      timeout: DEADLINE_MS,
    });
    const [message] = await Promise.all([opened, page.goto(url)]);
    return Number(OPENED.exec(message.text())?.[1]);
  } finally {
    await context.close();
  }
}

async function buildBarePage(outDir: string): Promise<void> {
  await build({
    configFile: false,
    root: join(ROOT, "test/bench/bare"),
    logLevel: "error",
    build: { outDir, target: "es2022", emptyOutDir: true },
  });
  const state = await v86State(await readFile(join(DIST, "images/checkpoint.bin")));
  await writeFile(join(outDir, "state.bin"), await gzip(state));
  await copyFile(join(DIST, "images/tux3.img"), join(outDir, "tux3.img"));
}

export async function page(): Promise<Metrics> {
  const bare = await mkdtemp(join(tmpdir(), "ddlab-bare-"));
  await buildBarePage(bare);
  const [product, alone] = [await serveFolder(DIST), await serveFolder(bare)];
  const options = { args: chromiumArgs, ...(executable ? { executablePath: executable } : {}) };
  const browser = await chromium.launch(options);
  const [restored, floor, cold]: [number[], number[], number[]] = [[], [], []];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      floor.push(await visit(browser, { url: alone.url }));
      restored.push(await visit(browser, { url: product.url, script: PRESS_AND_WATCH }));
    }
    for (let round = 0; round < COLD_ROUNDS; round++)
      cold.push(await visit(browser, { url: product.url, script: PRESS_AND_WATCH, withoutCheckpoint: true }));
  } finally {
    await browser.close();
    await Promise.all([product.close(), alone.close()]);
    await rm(bare, { recursive: true, force: true });
  }
  return {
    "open.checkpoint.instructions": metric(await repeat(COUNTS, firstItem), "instructions"),
    "open.cold.ms": metric(cold, "ms"),
    "open.checkpoint.ms": metric(restored, "ms"),
    "v86.restore.ms": metric(floor, "ms"),
    "open.checkpoint.ratio": metric(
      restored.map((ms, i) => ms / (floor[i] ?? ms)),
      "ratio",
    ),
  };
}
