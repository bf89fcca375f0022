// SPDX-License-Identifier: MIT
// Filter, search, markers, palette and keys, over the events of real programs in the real guest.

import { expect, test } from "./LabPage.ts";

test("a filter leaves its events in the table, dims the rest of the picture and counts", async ({
  lab,
  page,
}) => {
  await lab.open();
  await lab.ddtest({ words: "hello world", buffer: "3" });
  await lab.ended("exit 0");
  const field = page.getByRole("combobox", { name: "Filter events" });
  await field.pressSequentially("op:read errno:EIO");
  await expect(field).toHaveValue("op:read errno:EIO");
  await expect(page.locator("dd-filter .count")).toHaveText(/^1 of \d+ events$/);
  expect((await lab.events()).map(({ type, result }) => `${type} ${result}`)).toEqual(["read EIO"]);
  await expect(lab.picture.locator("path.stroke.bounce:not(.dimmed)")).toHaveCount(1);
  await expect(lab.picture.locator("path.stroke.read.dimmed")).toHaveCount(2);
  await page.getByRole("button", { name: "Clear the filter" }).click();
  await expect(lab.picture.locator(".dimmed")).toHaveCount(0);
});

test("a mistake is pointed at, and the last good filter stays in force", async ({ lab, page }) => {
  await lab.open();
  await lab.ddtest();
  await lab.ended("exit 0");
  const field = page.getByRole("combobox", { name: "Filter events" });
  await field.fill("op:read");
  await field.fill("op:read sise>3");
  const error = page.locator("dd-filter").getByRole("alert");
  await expect(error).toContainText("There is no field “sise”: did you mean “size”? (character 9)");
  await expect(error.locator("mark")).toHaveText("sise");
  await expect(field).toHaveAttribute("aria-invalid", "true");
  expect((await lab.events()).every(({ type }) => type === "read")).toBe(true);
});

test("completion offers fields, then values that occur", async ({ lab, page }) => {
  await lab.open();
  await lab.ddtest();
  await lab.ended("exit 0");
  await page.keyboard.press("/");
  const field = page.getByRole("combobox", { name: "Filter events" });
  await expect(field).toBeFocused();
  await page.keyboard.type("co");
  await expect(page.getByRole("option", { name: /^comm:/ })).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(field).toHaveValue("comm:");
  await page.getByRole("option", { name: "ddtest", exact: true }).click();
  await expect(field).toHaveValue("comm:ddtest");
  await expect(page.locator("dd-filter .count")).toHaveText(/events$/);
});

test("search goes from match to match, over all runs", async ({ lab, page }) => {
  await lab.open();
  await lab.ddtest({ words: "needle hay" });
  await lab.ended("exit 0");
  await lab.ddtest({ words: "hay needle" });
  await lab.ended("exit 0");
  const field = page.getByRole("combobox", { name: "Filter events" });
  await field.fill("NEEDLE op:enter");
  await expect(page.locator("dd-filter .count")).toHaveText(/^1 of \d+ events, 1 elsewhere$/);
  const chosen = page.getByLabel("Run", { exact: true });
  const runs: string[] = [];
  for (let step = 0; step < 2; step++) {
    await field.press("Enter");
    await expect(page.locator("dd-inspector h3")).toHaveText(
      "Ddtest hands a message of 6 bytes to the handler",
    );
    runs.push(await chosen.inputValue());
  }
  expect(new Set(runs).size).toBe(2);
  await lab.picture.focus();
  await page.keyboard.press("N");
  await expect(chosen).toHaveValue(runs[0] ?? "");
});

test("two markers, and the time between them", async ({ lab, page }) => {
  await lab.open();
  await lab.ddtest({ words: "elephant" });
  await lab.ended("exit 0");
  await page.getByRole("combobox", { name: "Filter events" }).fill("op:enter");
  await page.keyboard.press("Enter");
  await lab.picture.focus();
  await page.keyboard.press("[");
  await expect(lab.picture.locator(".marker")).toHaveText(["A"]);
  await page.keyboard.press("x");
  for (let step = 0; step < 2; step++) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("]");
  await expect(lab.picture.locator(".marker")).toHaveCount(2);
  await expect(page.locator("dd-page .between")).toContainText(
    /^[\d.]+ (µs|ms) from A to B, at most [\d,]+ instructions, 2 events on/,
  );
  await page.keyboard.press("{");
  await expect(page.locator("dd-inspector h3")).toContainText("hands a message");
  await page.getByRole("button", { name: "Clear markers" }).click();
  await expect(lab.picture.locator(".marker")).toHaveCount(0);
});

test("follow the item, follow the link", async ({ lab, page }) => {
  await lab.open();
  await lab.ddtest({ words: "one two" });
  await lab.ended("exit 0");
  await lab.picture
    .locator("rect.item")
    .nth(1)
    .click({ position: { x: 8, y: 8 } });
  await page.keyboard.press("i");
  await expect(page.getByRole("combobox", { name: "Filter events" })).toHaveValue(/^link:\d+ item:2$/);
  expect((await lab.events()).map(({ item }) => item)).toEqual(["2", "2"]);
  await page.keyboard.press("l");
  expect((await lab.events()).every(({ link }) => link !== "")).toBe(true);
});

test("the palette finds and runs commands, and gives the focus back", async ({ lab, page }) => {
  await lab.open();
  await lab.ddtest();
  await lab.ended("exit 0");
  await lab.picture.focus();
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog", { name: "Commands" })).toBeVisible();
  await page.keyboard.type("story time");
  await expect(page.getByRole("dialog").getByRole("option")).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Time", exact: true })).toHaveAttribute(
    "aria-pressed",
    "true",
  );
  await expect(lab.picture).toBeFocused();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("no such thing");
  await expect(page.getByText("No command has these words.")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("? shows every key that there is, and single characters can be turned off", async ({ lab, page }) => {
  await lab.open();
  await page.keyboard.press("?");
  const dialog = page.getByRole("dialog", { name: "Keys" });
  await expect(dialog).toContainText("Step to the next event");
  await expect(dialog).toContainText("Find a command");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("single characters");
  await page.keyboard.press("Enter");
  await page.keyboard.press("?");
  await expect(dialog).toHaveCount(0);
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog", { name: "Commands" })).toBeVisible();
});

test("rows can be copied", async ({ lab, page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await lab.open();
  await lab.ddtest({ words: "hello" });
  await lab.ended("exit 0");
  await page.getByRole("combobox", { name: "Filter events" }).fill("op:read result>0");
  await lab.picture.focus();
  await page.keyboard.press("C");
  await page.evaluate('ddlab.guest.run(["true"])'); // its events come after the run and make the page anew
  await expect(page.getByRole("status").filter({ hasText: "The event is copied." })).toHaveCount(1);
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  const [head = "", row = ""] = copied.split("\n");
  expect(head.split("\t").slice(4, 8)).toEqual(["what", "link", "item", "bytes"]);
  expect(row.split("\t").slice(4)).toEqual([
    ...["read", expect.stringMatching(/^\d+$/), "1", "5", "5", "0", "hello", "reads one item of 5 bytes"],
  ]);
});

test("a pinned lane stands above all others and says so, until it is unpinned", async ({ lab, page }) => {
  await lab.open();
  await lab.ddfork("2", "1");
  await lab.ended("exit 0");
  const lanes = page.locator("dd-flow-picture .lane");
  const names = () => lanes.allTextContents();
  await expect.poll(names).toHaveLength(3);
  const before = await names();
  await page.getByRole("button", { name: "Pin link" }).click();
  await expect(lanes.first()).toContainText(/^link \d+pinned, /);
  expect((await lanes.first().boundingBox())?.y).toBeLessThan((await lanes.nth(1).boundingBox())?.y ?? 0);
  await lab.picture.focus();
  await page.keyboard.press("p");
  await expect.poll(names).toEqual(before);
});

test("a run can be scrubbed, and the thumb follows when it plays", async ({ lab, page }) => {
  await lab.open();
  await lab.ddfork("3", "1");
  await lab.ended("exit 0");
  const scrubber = page.getByRole("slider", { name: "Moment" });
  const last = Number(await scrubber.getAttribute("max"));
  await expect(scrubber).toHaveValue(String(last));
  await scrubber.fill("9");
  await expect(lab.summary).toContainText(/Here \d processes? lives?/);
  await expect(page.locator("dd-flow-picture line.now")).toHaveCount(1);
  await expect(scrubber).toHaveAttribute("aria-valuetext", /^event 10 of \d+$/);
  await scrubber.press("ArrowLeft");
  await expect(scrubber).toHaveAttribute("aria-valuetext", /^event 9 of \d+$/);
  await page.getByRole("button", { name: "Play again" }).click();
  await expect.poll(async () => Number(await scrubber.inputValue())).toBeGreaterThan(12);
  await expect(scrubber).toHaveValue(String(last));
});
