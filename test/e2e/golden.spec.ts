// SPDX-License-Identifier: MIT
// Every scenario as it looks, at three sizes, light and dark: drawn from events that the real guest's kernel told once
// (recordGolden.ts), because times, and with them where things stand, are never the same twice. That a scenario
// brings about these events is scenarios.spec.ts's business.
//
// The pictures are Debian's Chromium's with fonts-dejavu-core. After a change of the view that is meant to be seen:
// `npx playwright test --config test/e2e/playwright.config.ts golden --update-snapshots`, and look at each before
// committing it.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { SCENARIOS } from "../../web/view/scenarios/Scenario.ts";
import { expect, test } from "./LabPage.ts";

const SIZES = [
  [1440, 900],
  [768, 1024],
  [360, 740],
] as const;

/** A lane that moves by a pixel changes hundreds; how a letter's edge is smoothed changes no pixel by so much. */
const TOLERANCE = { threshold: 0.2, maxDiffPixels: 40 };

async function openLog(page: Page, name: string): Promise<void> {
  const text = await readFile(fileURLToPath(new URL(`golden/${name}.json`, import.meta.url)), "utf8");
  await page.evaluate(
    ([name, text]) => Reflect.get(globalThis, "ddlab").open(name, new Blob([text]).stream()),
    [name, text] as const,
  );
}

for (const { id, title } of SCENARIOS) {
  test(`${title} looks as it should`, async ({ lab, page }) => {
    await page.route("**/checkpoint.bin", () => {}); // no guest: the log is shown while it would load
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.goto("./");
    await expect(page.getByText("Loading the guest")).toBeVisible();
    await openLog(page, id);
    await expect(lab.picture.locator("path.stroke.write")).not.toHaveCount(0);
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await expect
          .soft(page.locator("dd-flow-picture"))
          .toHaveScreenshot(`${id}-${width}-${colorScheme}.png`, TOLERANCE);
      }
    }
  });
}
