// SPDX-License-Identifier: MIT
// From the press of a button to the picture, with the real programs in the real guest.

import type { Page } from "@playwright/test";
import { expect, test } from "./LabPage.ts";

/** The saved state does not come until what this returns is called. */
async function holdSavedState(page: Page): Promise<() => void> {
  let goOn = () => {};
  const asked = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  await page.route("**/checkpoint.bin", async (route) => {
    await asked;
    await route.continue();
  });
  return goOn;
}

test("echo: what is written comes back, in print and in the picture", async ({ lab }) => {
  await lab.open();
  await lab.ddtest();
  await lab.ended("exit 0");
  await expect(lab.output).toContainText('write("hello", 5) = 5');
  await expect(lab.output).toContainText('read(4096) = 5 "world"');
  await expect(lab.summary).toHaveText("ddtest: 2 messages written, 2 items read, 1 empty read.");
  const types = (await lab.events()).map(({ type, result }) => `${type} ${result}`.trim());
  expect(types.filter((type) => /^(create|enter|queue|post|write|read|release)/.test(type))).toEqual([
    "create",
    ...["enter", expect.stringMatching(/^(queue|post)$/), "write 5"],
    ...["enter", expect.stringMatching(/^(queue|post)$/), "write 5"],
    ...["read 5", "read 5", "read 0"],
    "release",
  ]);
});

test("the picture draws the items as bars with their text, and the reads as strokes", async ({ lab }) => {
  await lab.open();
  await lab.ddtest({ words: "alpha beta gamma" });
  await lab.ended("exit 0");
  await expect(lab.picture.locator("rect.item")).toHaveCount(3);
  await expect(lab.picture.locator("text.payload")).toHaveText(["alpha", "beta", "gamma"]);
  await expect(lab.picture.locator("path.stroke.write")).toHaveCount(3);
  await expect(lab.picture.locator("path.stroke.read")).toHaveCount(3);
  await expect(lab.picture.locator("path.glyph.empty")).toHaveCount(1);
});

test("a program asked for while the guest is on its way runs when it is there", async ({ lab, page }) => {
  const goOn = await holdSavedState(page);
  await page.goto("./");
  await lab.ddtest();
  await expect(page.getByText("Runs as soon as the guest is there.")).toBeVisible();
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await lab.ddtest({ words: "early" });
  await expect(page.getByRole("button", { name: "Run ddtest" })).toBeDisabled();
  goOn();
  await lab.ended("exit 0");
  await expect(lab.output).toContainText('read(4096) = 5 "early"');
  await expect(lab.output).not.toContainText("hello");
  await expect(lab.summary).toHaveText("ddtest: 1 message written, 1 item read, 1 empty read.");
});

test("small buffer: EIO keeps the item, a bigger buffer takes it", async ({ lab }) => {
  await lab.open();
  await lab.ddtest({ words: "elephant", buffer: "3" });
  await lab.ended("exit 0");
  await expect(lab.output).toContainText("read(3) = -1 EIO");
  await expect(lab.output).toContainText('read(8) = 8 "elephant"');
  await expect(lab.summary).toContainText("1 read failed with EIO");
  await expect(lab.picture.locator("path.glyph.too-small")).toHaveCount(1);
  const reads = (await lab.events()).filter(({ type }) => type === "read");
  expect(reads.map(({ result }) => result)).toEqual(["EIO", "8", "0"]);
  expect(reads[0]?.item).toBe(reads[1]?.item);
});

test("fork: the child waits in poll, reads, and goes on after its parent", async ({ lab }) => {
  await lab.open();
  await lab.ddfork("4", "2");
  await lab.ended("exit 0");
  await expect(lab.output).toContainText("the parent has exited");
  await expect(lab.summary).toContainText("4 messages written, 2 items read");
  await expect(lab.picture.locator(".lane.process")).toHaveCount(2);
  await expect(lab.picture.locator("rect.wait")).not.toHaveCount(0);
  await expect(lab.picture.locator("path.stroke.wake")).not.toHaveCount(0);
  const events = await lab.events();
  const exits = events.findIndex(({ type }) => type === "exit");
  expect(events.slice(exits).some(({ type, result }) => type === "read" && Number(result) > 0)).toBe(true);
  expect(events.at(-1)).toMatchObject({ type: "release", items: "2" });
});

test("a full queue refuses the write, and nothing is lost", async ({ lab }) => {
  await lab.open();
  await lab.command("sysctl -w fs.ddlink.max_items=2");
  await lab.ddtest({ words: "one two three" });
  await lab.ended("exit 1");
  await expect(lab.summary).toContainText("1 write refused by a full queue");
  await expect(lab.picture.locator("path.glyph.full")).toHaveCount(1);
  await expect(lab.picture.locator("text.payload")).toContainText(["one", "two"]);
});

test("the inspector tells an item's life", async ({ lab, page }) => {
  await lab.open();
  await lab.ddtest({ words: "elephant", buffer: "3" });
  await lab.ended("exit 0");
  await lab.picture.locator("rect.item").click({ position: { x: 20, y: 8 } });
  const inspector = page.locator("dd-inspector");
  await expect(inspector).toContainText("queued by");
  await expect(inspector).toContainText("ddtest with 3 bytes: EIO");
  await expect(inspector).toContainText("65 6c 65 70 68 61 6e 74");
});

test("the console is the guest's shell", async ({ lab, page }) => {
  await lab.open();
  await lab.tab("Console");
  const terminal = page.locator("dd-console");
  await terminal.getByRole("textbox").focus();
  await page.keyboard.type("ddtest typed-here\n");
  await expect(lab.summary).toContainText("1 message written");
  await expect(lab.picture.locator("text.payload")).toHaveText(["typed-here"]);
});

test("the picture is rehearsed unseen, and nothing of it stays", async ({ lab, page }) => {
  await page.addInitScript(() => {
    const within = (root: Element, name: string) => [...(root.shadowRoot?.querySelectorAll(name) ?? [])];
    const gone = ({ removedNodes }: MutationRecord) =>
      [...removedNodes].filter((node) => node instanceof HTMLElement && node.localName === "dd-flow-panel");
    const observer = new MutationObserver((records) => {
      for (const panel of records.flatMap(gone)) {
        if (!(panel instanceof HTMLElement)) continue;
        const items = within(panel, "dd-flow-picture").flatMap((picture) => within(picture, "rect.item"));
        document.title = `${items.length} item, ${panel.style.visibility}, ${panel.inert ? "inert" : "alive"}`;
      }
    });
    observer.observe(document, { childList: true, subtree: true });
  });
  await lab.open();
  await expect(page).toHaveTitle("1 item, hidden, inert");
  await expect(page.locator("body > dd-flow-panel")).toHaveCount(0);
});

test("the bar is not full while the saved state has not come", async ({ page }) => {
  const goOn = await holdSavedState(page);
  await page.goto("./");
  // The emulator is there, all of it, and more is on its way.
  await expect(page.locator("dd-boot").getByText(/^2\.1 of (?!2\.1)/)).toBeVisible();
  goOn();
  await expect(page.getByText(/^guest running/)).toBeVisible();
});
