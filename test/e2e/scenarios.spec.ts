// SPDX-License-Identifier: MIT
// Every scenario from the click to the picture, with the real programs in the real guest.

import type { Page } from "@playwright/test";
import { SCENARIOS } from "../../web/view/scenarios/Scenario.ts";
import { type EventRow, expect, type LabPage, test } from "./LabPage.ts";

/** Type and result of each event that has to do with the link. */
function calls(rows: readonly EventRow[]): string[] {
  return rows.filter(({ link }) => link !== "").map(({ type, result }) => `${type} ${result}`.trim());
}

function results(rows: readonly EventRow[], of: string): string[] {
  return rows.filter(({ type }) => type === of).map(({ result }) => result);
}

/** What must be seen of each, when it is over. */
const SEEN: Readonly<Record<string, (lab: LabPage, page: Page) => Promise<void>>> = {
  echo: async (lab) => {
    await expect(lab.summary).toHaveText("ddtest: 2 messages written, 2 items read, 1 empty read.");
    await expect(lab.picture.locator("text.payload")).toHaveText(["hello", "world"]);
  },
  fork: async (lab) => {
    await expect(lab.summary).toContainText("5 messages written, 3 items read");
    await expect(lab.picture.locator(".lane.process")).toHaveCount(2);
    expect((await lab.events()).at(-1)).toMatchObject({ type: "release", items: "2" });
  },
  "small-buffer": async (lab) => {
    await expect(lab.picture.locator("path.glyph.too-small")).toHaveCount(1);
    expect(results(await lab.events(), "read")).toEqual(["EIO", "8", "0"]);
  },
  poll: async (lab) => {
    await expect(lab.picture.locator("path.glyph.empty")).toHaveCount(1);
    await expect(lab.picture.locator("rect.wait")).toHaveCount(1);
    await expect(lab.picture.locator("path.stroke.wake")).not.toHaveCount(0);
    expect(results(await lab.events(), "read")).toEqual(["0", "5"]);
  },
  "two-readers": async (lab) => {
    const reads = (await lab.events()).filter(({ type, result }) => type === "read" && Number(result) > 0);
    expect(reads.map(({ result }) => result)).toEqual(["3", "3", "5", "4"]);
    expect(new Set(reads.map(({ item }) => item)).size).toBe(4);
    expect(new Set(reads.map(({ process }) => process)).size).toBe(2);
    await expect(lab.picture.locator(".lane.process")).toHaveCount(4);
  },
  "queue-full": async (lab) => {
    await expect(lab.summary).toContainText(
      "3 messages written, 3 items read, 1 write refused by a full queue",
    );
    await expect(lab.picture.locator("path.glyph.full")).toHaveCount(1);
    expect(results(await lab.events(), "write")).toEqual(["3", "3", "ENOBUFS", "5"]);
    expect(await lab.command("sysctl fs.ddlink.max_items")).toContain("1024");
  },
  "error-text": async (lab) => {
    await expect(lab.output).toContainText(`read(4096) = 26 "unknown command 'snapshot'"`);
    await expect(lab.picture.locator("path.glyph.refused")).toHaveCount(1);
    expect(results(await lab.events(), "write")).toEqual(["EINVAL", "11"]);
    expect(results(await lab.events(), "read")).toEqual(["26", "6"]);
  },
  "hang-up": async (lab) => {
    await expect(lab.output).toContainText('umount("/tmp/volume") = 0');
    await expect(lab.output).toContainText("poll(IN) = 1 IN HUP");
    await expect(lab.picture.locator("path.glyph.hangup")).toHaveCount(1);
    const seen = calls(await lab.events());
    expect(
      seen
        .slice(seen.findIndex((call) => call.startsWith("hangup")))
        .filter((call) => /read|write/.test(call)),
    ).toEqual(["read 3", "read 3", "read 0", "write ENODEV"]);
  },
  monitor: async (lab) => {
    await expect(lab.output).toContainText('"this link is a monitor already"');
    await expect(lab.picture.locator(".lane.link")).toHaveCount(1);
    const records = [...(await lab.printed()).matchAll(/\{(\w+) by ddplay\}/g)].map(([, type]) => type);
    const drawn = calls(await lab.events()).map((call) => call.split(" ")[0]);
    expect(records.filter((type) => drawn.includes(type))).toEqual(drawn);
  },
};

test("each scenario is tested", () => {
  expect(Object.keys(SEEN)).toEqual(SCENARIOS.map(({ id }) => id));
});

for (const { id, title, look, line } of SCENARIOS) {
  test(`${title}: from the click to the picture`, async ({ lab, page }) => {
    await lab.open();
    await page.getByRole("navigation", { name: "Scenarios" }).getByRole("link", { name: title }).click();
    await expect(page).toHaveURL(new RegExp(`[?]scenario=${id}$`));
    await expect(page.getByText(look)).toBeVisible();
    await lab.ended("exit 0");
    await expect(lab.output).toContainText(`$ ${line}`);
    await expect(lab.picture.locator("path.stroke.write")).not.toHaveCount(0);
    await SEEN[id]?.(lab, page);
  });
}

test("an address opens its scenario, and a run by hand leaves it", async ({ lab, page }) => {
  await page.goto("./?scenario=small-buffer");
  await expect(page.getByRole("link", { name: "Buffer too small" })).toHaveAttribute("aria-current", "true");
  await lab.ended("exit 0");
  await expect(lab.summary).toContainText("1 read failed with EIO");
  await lab.ddtest();
  await lab.ended("exit 0");
  await expect(page).toHaveURL(/\/$/);
  await expect(page.locator("dd-scenarios [aria-current]")).toHaveCount(0);
});

test("an address that names no scenario says so", async ({ lab, page }) => {
  await page.goto("./?scenario=no-such");
  await expect(page.getByRole("alert").filter({ hasText: "no scenario" })).toHaveText(
    /“no-such”.*choose one/,
  );
  await lab.ready();
});

test("one scenario takes the place of another that still runs", async ({ lab, page }) => {
  await lab.open();
  await lab.start("sleep 1000");
  const links = page.getByRole("navigation", { name: "Scenarios" });
  await links.getByRole("link", { name: "Fork" }).click();
  await links.getByRole("link", { name: "Echo" }).click();
  await lab.ended("exit 0");
  await expect(page).toHaveURL(/scenario=echo$/);
  await expect(lab.summary).toContainText("ddtest: 2 messages written");
});
