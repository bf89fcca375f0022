// SPDX-License-Identifier: MIT
// The page without a mouse, without eyes, and without motion.

import type { Locator, Page } from "@playwright/test";
import { expect, test } from "./LabPage.ts";

/** More stops than the page has. */
const MOST_STOPS = 120;

/** Goes on with one key until this is focused; every stop on the way must be seen. */
async function go(page: Page, key: "Tab" | "Shift+Tab", target: Locator): Promise<void> {
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    await page.keyboard.press(key);
    expect(await focusIsSeen(page), "the focus is seen").toBe(true);
    if (await target.evaluate((element) => element.matches(":focus"))) return;
  }
  throw new Error(`${target} is not reached by ${key}`);
}

function focusIsSeen(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    let element = document.activeElement;
    const chain: Element[] = [];
    while (element) {
      chain.push(element);
      element = element.shadowRoot?.activeElement ?? null;
    }
    // The terminal shows its focus on the box around it.
    const around = chain.at(-1)?.closest(".screen, label");
    return [...chain, ...(around ? [around] : [])].some((one) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(one);
      return one === document.body || (outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2);
    });
  });
}

test("the whole tour by keyboard", async ({ lab, page }) => {
  await lab.open();
  await go(page, "Tab", page.getByRole("link", { name: "Fork" }));
  await page.keyboard.press("Enter");
  await lab.ended("exit 0");
  await expect(page.getByText("Parent and child share one link.")).toBeVisible();

  await go(page, "Tab", page.getByLabel("Words to write"));
  await page.keyboard.press("Control+a");
  await page.keyboard.type("elephant");
  await go(page, "Tab", page.getByLabel("Read buffer, bytes"));
  await page.keyboard.type("3");
  await page.keyboard.press("Enter");
  await expect(lab.output).toContainText("FIONREAD");
  await lab.ended("exit 0");

  await go(page, "Tab", lab.picture);
  await page.keyboard.press("Home");
  const title = page.locator("dd-inspector h3");
  await expect(title).toContainText("forks");
  for (let step = 0; step < 3; step++) await page.keyboard.press("ArrowRight");
  await expect(title).not.toContainText("forks");
  const before = await title.textContent();
  await page.keyboard.press("ArrowLeft");
  await expect(title).not.toHaveText(before ?? "");
  await page.keyboard.press("w");
  await page.keyboard.press("0");
  await page.keyboard.press(" ");
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();

  await go(page, "Tab", page.getByRole("button", { name: "All events" }));
  await page.keyboard.press("Enter");
  const rows = page.getByRole("region", { name: "Events of the run" }).getByRole("button");
  await go(page, "Tab", rows.nth(1));
  await page.keyboard.press("Enter");
  await go(page, "Shift+Tab", page.getByRole("button", { name: "Selected" }));
  await page.keyboard.press("Enter");
  await expect(title).toBeVisible();

  const opener = page.getByRole("button", { name: "Console" });
  await go(page, "Tab", opener);
  await page.keyboard.press("Enter");
  const terminal = page.locator("dd-console").getByRole("textbox");
  await go(page, "Tab", terminal);
  await page.keyboard.type("ddtest by-keyboard\n");
  await expect(lab.picture.locator("text.payload")).toHaveText(["by-keyboard"]);
  await page.keyboard.press("Tab");
  await expect(terminal).toBeFocused();
  await go(page, "Shift+Tab", opener);
});

test("what a screen reader finds of a run", async ({ lab, page }) => {
  await page.goto("./?scenario=small-buffer");
  await lab.ended("exit 0");
  await expect(page.getByRole("banner")).toMatchAriaSnapshot(`
    - heading "ddlab" [level=1]
    - paragraph
    - status: /guest running/
  `);
  await expect(page.getByRole("navigation", { name: "Scenarios" })).toMatchAriaSnapshot(`
    - heading "Scenarios" [level=2]
    - list:
      - listitem:
        - link "Echo"
      - listitem:
        - link "Fork"
      - listitem:
        - link "Buffer too small"
  `);
  await expect(page.getByRole("region", { name: "Flow" })).toMatchAriaSnapshot(`
    - paragraph: /Buffer too small A read into 3 bytes fails with EIO/
    - paragraph: "ddtest: 1 message written, 1 item read, 1 read failed with EIO, 1 empty read."
    - toolbar "Picture"
    - 'application "ddtest: 1 message written, 1 item read, 1 read failed with EIO, 1 empty read."'
  `);
  await expect(page.getByRole("region", { name: "Program output" })).toMatchAriaSnapshot(`
    - heading "Program output" [level=2]
    - region "What the program printed":
      - code: /read\\(3\\) = -1 EIO/
    - status: exit 0
  `);
  await lab.tab("All events");
  const table = page.getByRole("region", { name: "Events of the run" }).getByRole("table");
  await expect(table.getByRole("columnheader", { name: "result" })).toBeVisible();
  await expect(table.getByRole("cell", { name: "EIO", exact: true })).toBeVisible();
});

test("the run is told to those who do not see it, once it is over", async ({ lab, page }) => {
  await lab.open();
  await lab.ddtest();
  await expect(page.locator("dd-page .spoken")).toHaveText(
    "ddtest: 2 messages written, 2 items read, 1 empty read.",
  );
});

test("nothing glides for those who asked for less motion", async ({ lab, page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await lab.open();
  await lab.ddtest();
  await lab.ended("exit 0");
  await expect(lab.picture.locator("rect.item")).toHaveCount(2);
  await expect(lab.picture.locator(".veil, .dot")).toHaveCount(0);
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);

  const stops = await lab.picture.evaluate((picture) => {
    const seen: string[] = [];
    const note = () => {
      const at = picture.querySelector("line.now")?.getAttribute("x1");
      if (at && at !== seen.at(-1)) seen.push(at);
    };
    new MutationObserver(note).observe(picture, { subtree: true, childList: true, attributes: true });
    Reflect.set(globalThis, "stops", seen);
    return seen.length;
  });
  expect(stops).toBe(0);
  await page.getByRole("button", { name: "Play again" }).click();
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Pause" })).toHaveCount(0);
  const jumps = await page.evaluate(() => Reflect.get(globalThis, "stops").length);
  const events = (await lab.events()).length;
  expect(jumps).toBeGreaterThan(3);
  expect(jumps).toBeLessThanOrEqual(events);
  await expect(lab.picture.locator(".dot")).toHaveCount(0);
});
