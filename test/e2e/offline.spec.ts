// SPDX-License-Identifier: MIT
// After one visit the page works without a network, installs as an app, and a new build comes whole or not at all.

import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { DIST } from "../../web/cli/freshness.ts";
import { writeServiceWorker } from "../../web/cli/scripts.ts";
import { type FolderServer, serveFolder } from "../bench/serveFolder.ts";
import { expect, LabPage, test } from "./LabPage.ts";

/** Resolves when the build is kept, and its service worker answers for the pages to come. */
async function kept(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    const worker = registration.active;
    if (worker?.state === "activated") return;
    await new Promise((resolve) => worker?.addEventListener("statechange", resolve, { once: true }));
  });
}

/** A copy of the build that may be changed, on a server of its own. */
class Site implements AsyncDisposable {
  readonly folder: string;
  readonly #server: FolderServer;

  private constructor(folder: string, server: FolderServer) {
    this.folder = folder;
    this.#server = server;
  }

  static async open(): Promise<Site> {
    const folder = await mkdtemp(join(tmpdir(), "ddlab-site-"));
    await cp(DIST, folder, { recursive: true });
    return new Site(folder, await serveFolder(folder));
  }

  get url(): string {
    return this.#server.url;
  }

  /** Another build: its page and its images say so. */
  async rebuild(name: string): Promise<void> {
    await this.#change("index.html", (text) => text.replace(/<title>.*<\/title>/, `<title>${name}</title>`));
    await this.#change("images/manifest.json", (text) => `${text}\n`);
    await writeServiceWorker(this.folder);
  }

  async damage(): Promise<void> {
    await this.#change("index.html", (text) => `${text} `);
  }

  async #change(path: string, change: (text: string) => string): Promise<void> {
    const file = join(this.folder, path);
    await writeFile(file, change(await readFile(file, "utf8")));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

test("after one visit it opens, runs ddtest and shows the console without a network", async ({
  lab,
  page,
  context,
}) => {
  await lab.open();
  await kept(page);
  await context.setOffline(true);
  await page.goto("./?scenario=fork");
  await lab.ended("exit 0");
  await expect(lab.summary).toContainText("5 messages written, 3 items read");
  await page.reload();
  await lab.ready();
  await lab.ddtest({ words: "no network" });
  await lab.ended("exit 0");
  await lab.tab("Console");
  await page.locator("dd-console").getByRole("textbox").press("Enter");
  await expect(page.locator("dd-console .xterm-rows")).toContainText("#");
  await expect(page.getByText(/^guest running, restored/)).toBeVisible();
});

test("the browser would install it as an app", async ({ lab, page, context }) => {
  await lab.open();
  await kept(page);
  await page.reload();
  await lab.ready();
  const session = await context.newCDPSession(page);
  const { errors, data } = await session.send("Page.getAppManifest");
  expect(errors).toEqual([]);
  expect(JSON.parse(data ?? "{}")).toMatchObject({ name: "ddlab", display: "standalone" });
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  // Each test has a profile that is never stored, which is the one thing to say against it.
  expect(installabilityErrors.map(({ errorId }) => errorId)).toEqual(["in-incognito"]);
});

test("a new build is offered, comes when the person says so, and never in part", async ({
  page,
  context,
}) => {
  await using site = await Site.open();
  const lab = new LabPage(page);
  const update = page.getByRole("button", { name: "Update" });
  await page.goto(site.url);
  await lab.ready();
  await kept(page);

  await site.rebuild("second");
  await page.reload();
  await expect(update).toBeVisible({ timeout: 60_000 });
  await expect(page).toHaveTitle("ddlab");
  await page.reload();
  await expect(page).toHaveTitle("ddlab");
  await expect(update).toBeVisible({ timeout: 60_000 });

  await context.setOffline(true);
  await update.click();
  await expect(page).toHaveTitle("second");
  await lab.ready();
  await lab.ddtest();
  await lab.ended("exit 0");
  await expect(update).toHaveCount(0);
});

test.describe("a build of which one file is another", () => {
  test.use({ allowed: /integrity|digest|Failed to load|Failed to find/ });

  test("is not taken over", async ({ page }) => {
    await using site = await Site.open();
    const lab = new LabPage(page);
    await page.goto(site.url);
    await lab.ready();
    await kept(page);
    await site.rebuild("second");
    await site.damage();
    const refused = await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      const found = new Promise<ServiceWorker | null>((resolve) => {
        registration.addEventListener("updatefound", () => resolve(registration.installing));
      });
      await registration.update();
      const worker = await found;
      if (!worker) return "none";
      while (worker.state === "installing")
        await new Promise((resolve) => worker.addEventListener("statechange", resolve, { once: true }));
      return worker.state;
    });
    expect(refused).toBe("redundant");
    await page.reload();
    await lab.ready();
    await expect(page).toHaveTitle("ddlab");
    await expect(page.getByRole("button", { name: "Update" })).toHaveCount(0);
  });
});
