// SPDX-License-Identifier: MIT
// What leaves the page as a file or an address comes back as it was. Real runs of the real guest.

import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import * as v from "valibot";
import { TraceFileSchema } from "../../web/flow/export/TraceEvent.ts";
import { expect, type LabPage, test } from "./LabPage.ts";

async function command(page: Page, words: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.keyboard.type(words);
  await expect(page.getByRole("dialog").getByRole("option")).toHaveCount(1);
  await page.keyboard.press("Enter");
}

async function saved(page: Page, words: string): Promise<{ name: string; bytes: Buffer }> {
  const waiting = page.waitForEvent("download");
  await command(page, words);
  const download = await waiting;
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

async function hello(lab: LabPage, words = "hello world"): Promise<void> {
  await lab.ddtest({ words, buffer: "3" });
  await lab.ended("exit 0");
}

async function copiedLink(page: Page, words: string): Promise<string> {
  await command(page, words);
  await expect(page.getByRole("status").filter({ hasText: "The link is copied." })).toHaveCount(1);
  return page.evaluate(() => navigator.clipboard.readText());
}

test("saved events are opened again, event by event, and the guest is one press away", async ({
  lab,
  page,
}) => {
  await lab.open();
  await hello(lab);
  const before = await lab.events();
  const { name, bytes } = await saved(page, "save all events");
  expect(name).toBe("ddlab-events.json");
  await page.reload();
  await lab.ready();
  const choosing = page.waitForEvent("filechooser");
  await command(page, "open saved events");
  await (await choosing).setFiles({ name: "hello.json", mimeType: "application/json", buffer: bytes });
  await expect(page.locator(".opened")).toContainText(/hello\.json \d+ saved events/);
  expect(await lab.events()).toEqual(before);
  await page.getByRole("button", { name: "Back to the guest" }).click();
  await hello(lab);
  await expect(page.locator(".opened")).toHaveCount(0);
  await lab.tab("Compare");
  const compare = page.locator("dd-compare");
  await expect(compare.getByLabel("One run")).toContainText("hello.json, run 1: ddtest");
  await expect(compare.getByRole("status")).toHaveText(/^Nothing differs: \d+ events/);
});

test("a file can be dropped, and what is no log of ours is refused in a sentence", async ({ lab, page }) => {
  await lab.open();
  const drop = async (name: string, text: string): Promise<void> => {
    const data = await page.evaluateHandle(
      ([name = "", text = ""]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([text], name, { type: "application/json" }));
        return transfer;
      },
      [name, text],
    );
    await page.locator("main").dispatchEvent("drop", { dataTransfer: data });
  };
  const alert = page.locator(".notice").getByRole("alert");
  await drop("photo.jpg", "no events at all");
  await expect(alert).toContainText(/event log/);
  await drop("future.json", '[{"format":"ddlab-events","version":99,"events":0}\n]\n');
  await expect(alert).toContainText(/version 99.*newer ddlab/);
  await hello(lab);
  const { bytes } = await saved(page, "save all events");
  await drop("mine.json", bytes.toString());
  await expect(page.locator(".opened")).toContainText("mine.json");
  await expect(alert).toHaveCount(0);
});

test("the picture leaves as SVG that stands alone, and as PNG", async ({ lab, page, context }) => {
  await lab.open();
  await hello(lab);
  const svg = (await saved(page, "picture SVG")).bytes.toString();
  expect(svg).not.toMatch(/var\(|light-dark|NaN/);
  const other = await context.newPage();
  await other.setContent(svg);
  await expect(other.locator("rect.item")).toHaveCount(2);
  await expect(other.locator("text.payload")).toHaveText(["hello", "world"]);
  await expect(other.locator("rect.item").first()).toHaveCSS("fill", "rgb(34, 87, 208)");
  await other.close();
  const png = (await saved(page, "picture PNG")).bytes;
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  expect(png.readUInt32BE(16)).toBeGreaterThan(1000);
  expect(png.length).toBeGreaterThan(10_000);
});

test("the Chrome trace keeps to the format, and has the calls and the items", async ({ lab, page }) => {
  await lab.open();
  await lab.ddfork("4", "2");
  await lab.ended("exit 0");
  const { traceEvents } = v.parse(
    TraceFileSchema,
    JSON.parse((await saved(page, "Chrome trace")).bytes.toString()),
  );
  const count = (ph: string, name?: string) =>
    traceEvents.filter((event) => event.ph === ph && (name === undefined || event.name === name)).length;
  expect(count("X", "write")).toBe(4);
  expect([count("b"), count("e"), count("s"), count("f")]).toEqual([4, 4, 2, 2]);
});

test("a link runs the program again and shows it as it was shown", async ({ lab, page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await lab.open();
  await hello(lab, "carried along");
  await page.getByRole("combobox", { name: "Filter events" }).fill("op:read errno:EIO");
  await page.keyboard.press("Enter");
  await lab.picture.focus();
  await page.keyboard.press("[");
  await page.keyboard.press("t");
  const title = (await page.locator("dd-inspector h3").textContent()) ?? "";
  expect(title).toContain("EIO");
  const link = await copiedLink(page, "link that runs this again");
  expect(link).toContain("#run=ddtest");
  await page.goto("about:blank");
  await page.goto(link);
  await lab.ready();
  await expect(page.getByRole("combobox", { name: "Filter events" })).toHaveValue("op:read errno:EIO");
  await expect(page.locator("dd-inspector h3")).toHaveText(title);
  await expect(page.getByRole("button", { name: "Time", exact: true })).toHaveAttribute(
    "aria-pressed",
    "true",
  );
  await expect(lab.picture.locator(".marker")).toHaveText(["A"]);
  await expect(lab.output).toContainText('"carried"');
});

test("a scenario's address takes a view, too", async ({ lab, page }) => {
  await page.goto("./?scenario=fork#filter=op:read&axis=time&event=6");
  await lab.ready();
  await expect(page.getByRole("combobox", { name: "Filter events" })).toHaveValue("op:read");
  await expect(page.getByRole("button", { name: "Time", exact: true })).toHaveAttribute(
    "aria-pressed",
    "true",
  );
  await lab.tab("All events");
  expect((await lab.events()).every(({ type }) => type === "read")).toBe(true);
});

/** The first and the last event in sight. */
function rangeInSight(page: Page): Promise<number[]> {
  return page.locator("dd-flow-picture").evaluate((picture) => {
    const { from, to } = Reflect.get(picture, "range");
    return [from, to];
  });
}

test("a link carries the events themselves, with the zoom and the moment", async ({ lab, page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await lab.open();
  await hello(lab);
  const before = await lab.events();
  await lab.picture.focus();
  await page.keyboard.press("Home");
  for (let step = 0; step < 5; step++) await page.keyboard.press("ArrowRight");
  for (let step = 0; step < 4; step++) await page.keyboard.press("w");
  for (let step = 0; step < 8; step++) await page.keyboard.press("d");
  const title = (await page.locator("dd-inspector h3").textContent()) ?? "";
  const link = await copiedLink(page, "these very events");
  expect(link).toMatch(/moment=5/);
  expect(link).toMatch(/from=\d+&to=\d+/);
  await page.goto("about:blank");
  await page.goto(link);
  await expect(page.locator(".opened")).toContainText("The run in this link");
  await expect(page.locator("dd-inspector h3")).toHaveText(title);
  await expect(lab.picture.locator("line.now")).toHaveCount(1);
  const { searchParams } = new URL(link.replace("#", "?"));
  const wanted = ["from", "to"].map((end) => Number(searchParams.get(end)));
  expect(wanted[0]).toBeGreaterThan(5);
  await expect.poll(() => rangeInSight(page)).toEqual(wanted);
  expect(await lab.events()).toEqual(before);
  await lab.ready();
});

test.describe("a link to a log beside the page", () => {
  test.use({ allowed: /404/ });

  test("opens it, or says that it is not there", async ({ lab, page }) => {
    await lab.open();
    await hello(lab);
    const before = await lab.events();
    const { bytes } = await saved(page, "save all events");
    await page.route("**/logs/hello.json", (route) => route.fulfill({ body: bytes }));
    await page.route("**/logs/none.json", (route) => route.fulfill({ status: 404 }));
    await page.evaluate(() => {
      location.hash = "#log=logs/hello.json&event=4";
    });
    await expect(page.locator(".opened")).toContainText("logs/hello.json");
    expect(await lab.events()).toEqual(before);
    await page.evaluate(() => {
      location.hash = "#log=logs/none.json";
    });
    await expect(page.locator(".notice").getByRole("alert")).toHaveText(
      "The log of this link, logs/none.json, is not there (404).",
    );
  });
});

test("a broken link is done as far as it goes, with a sentence on the rest", async ({ lab, page }) => {
  await page.goto("./#run=ddtest&run=still&filter=op:raed&event=900");
  await lab.ready();
  const alert = page.locator(".notice").getByRole("alert");
  await expect(alert).toContainText("The filter in this link, “op:raed”, cannot be read");
  await expect(alert).toContainText(/The run has \d+ events, and the link means number 901\./);
  await expect(lab.output).toContainText('"still"');
  await page.goto("./#data=AAAA");
  await expect(alert).toContainText("is damaged, or no event log of ddlab.");
});

test("two runs of the same thing do not differ, and another shows where it parts", async ({ lab, page }) => {
  await lab.open();
  await hello(lab, "one two");
  await hello(lab, "one two");
  await lab.tab("Compare");
  const compare = page.locator("dd-compare");
  await expect(compare.getByRole("status")).toHaveText(/^Nothing differs: \d+ events/);
  await hello(lab, "one six");
  await expect(compare.getByRole("status")).toHaveText(
    /^The first \d+ events are the same; event \d+ is the first/,
  );
  await expect(compare).toContainText("payload: two and six");
  await expect(compare.locator("tr.first")).toContainText("≠");
  await compare.getByRole("button", { name: "Show it in the other" }).click();
  await expect(lab.picture.locator(".marker")).toHaveText(["≠"]);
  await lab.tab("Selected");
  await expect(page.locator("dd-inspector")).toContainText('"six"');
});

test("structs that travel are shown by their fields", async ({ lab, page }) => {
  await lab.open();
  const superblock = (await readFile(new URL("../../images/tux3.img", import.meta.url))).subarray(4096, 4196);
  await page.evaluate(
    async (bytes) => {
      const { guest } = Reflect.get(globalThis, "ddlab");
      const link = await guest.openLink("/mnt");
      await link.write(Uint8Array.from(bytes));
      await link.write(Uint8Array.of(0x6c, 0x6f, 0x73, 0x74, 7, 0, 0, 0));
      await link[Symbol.asyncDispose]();
    },
    [...superblock],
  );
  await expect(lab.picture.locator("rect.item")).toHaveCount(2);
  const fields = page.getByRole("region", { name: "Decoded fields" });
  await lab.picture
    .locator("rect.item")
    .first()
    .click({ position: { x: 4, y: 4 } });
  await expect(fields).toContainText("struct tux3_disk_super");
  await expect(fields.getByRole("row").filter({ hasText: "blockbits" })).toContainText(
    "9: blocks of 512 bytes",
  );
  await lab.picture
    .locator("rect.item")
    .nth(1)
    .click({ position: { x: 4, y: 4 } });
  await expect(fields).toContainText("struct ddlink_overflow");
  await expect(fields.getByRole("row").filter({ hasText: "lost" }).last()).toContainText("7");
});
