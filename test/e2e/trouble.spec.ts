// SPDX-License-Identifier: MIT
// Bad input gets one sentence with the way out; a guest that dies is said to be dead and can be had again.

import type { Page } from "@playwright/test";
import type { SavedState } from "../../web/app/Images.ts";
import { expect, test } from "./LabPage.ts";

test.describe("bad input", () => {
  test("a program that is not there", async ({ lab, page }) => {
    await lab.open();
    await lab.start("no-such-program");
    await expect(page.getByRole("alert").filter({ hasText: "no-such-program" })).toHaveText(
      /There is no program “no-such-program” in the guest: .*ls \/bin/,
    );
  });

  test("a path that is not there, and one that is not on a Tux3 volume", async ({ lab }) => {
    await lab.open();
    await lab.ddtest({ path: "/mnt/nowhere" });
    await lab.ended("exit 1");
    await expect(lab.output).toContainText(/cannot open \/mnt\/nowhere .*: No such file or directory/);
    await lab.ddtest({ path: "/proc" });
    await lab.ended("exit 1");
    await expect(lab.output).toContainText("/proc is not on a Tux3 volume");
  });

  test("an argument that is too long, and fields that make no sense", async ({ lab, page }) => {
    await lab.open();
    const alert = page.locator("dd-programs").getByRole("alert");
    await lab.ddtest({ words: "x".repeat(1 << 20) });
    await expect(alert).toHaveText(/The arguments are \d+ bytes long; the guest takes \d+: shorten them\./);
    await lab.ddtest({ words: "hello", buffer: "many" });
    await expect(alert).toHaveText("A buffer of “many” bytes is not possible: give 1 to 1048576.");
    await expect(page.getByLabel("Read buffer, bytes")).toHaveAttribute("aria-invalid", "true");
  });

  test("a browser without WebAssembly", async ({ lab, page }) => {
    await page.addInitScript(() => Reflect.deleteProperty(globalThis, "WebAssembly"));
    await page.goto("./");
    await expect(lab.page.getByRole("alert").filter({ hasText: "WebAssembly" })).toHaveText(
      /This browser has no WebAssembly.*use a current browser/,
    );
  });
});

/** The page is told something else of its saved state than the build said. */
async function changeSavedState(
  page: Page,
  change: (about: SavedState) => Partial<SavedState>,
): Promise<void> {
  await page.route("**/checkpoint.json", async (route) => {
    const about: SavedState = await (await route.fetch()).json();
    await route.fulfill({ json: { ...about, ...change(about) } });
  });
}

test.describe("files that are missing", () => {
  test.use({ allowed: /404|Failed to load resource/ });

  test("without the saved state the guest boots, and the page says so", async ({ lab, page }) => {
    await page.route("**/checkpoint.json", (route) => route.fulfill({ status: 404 }));
    await page.goto("./");
    await expect(page.getByText("There is no saved state of this guest")).toBeVisible();
    await lab.ready();
    await expect(page.getByText(/^guest running, booted in/)).toBeVisible();
    await lab.ddtest();
    await lab.ended("exit 0");
  });

  test("a saved state of another kernel is not used, and the page says so", async ({ lab, page }) => {
    await changeSavedState(page, () => ({ kernelSha256: "0".repeat(64) }));
    await page.goto("./");
    await expect(page.getByText("The saved state belongs to other images")).toBeVisible();
    await lab.ready();
    await expect(page.getByText(/^guest running, booted in/)).toBeVisible();
  });

  test("a program asked for in a session that the guest does not know runs in a new one", async ({
    lab,
    page,
  }) => {
    await changeSavedState(page, ({ session }) => ({ session: { ...session, epoch: 4711 } }));
    await page.goto("./");
    await lab.ddtest({ words: "early" });
    await lab.ended("exit 0");
    await expect(lab.output).toContainText('read(4096) = 5 "early"');
    await expect(page.getByText(/^guest running, restored in/)).toBeVisible();
    await expect(lab.picture.first()).toBeVisible();
  });

  test("a saved state with a session that cannot be is not used", async ({ lab, page }) => {
    await changeSavedState(page, ({ session }) => ({ session: { ...session, maxBody: 0 } }));
    await page.goto("./");
    await lab.ready();
    await expect(page.getByText(/^guest running, booted in/)).toBeVisible();
  });

  test("a program asked for of a saved state that is damaged runs in the guest that boots in its place", async ({
    lab,
    page,
  }) => {
    let goOn = (): void => {};
    const asked = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const whole = await (await page.request.get("images/checkpoint.bin")).body();
    await page.route("**/checkpoint.bin", async (route) => {
      await asked;
      await route.fulfill({ body: whole.subarray(0, -1) });
    });
    await page.goto("./");
    await lab.ddtest({ words: "early" });
    goOn();
    await expect(page.getByText("The saved state could not be used")).toBeVisible();
    await lab.ended("exit 0");
    await expect(lab.output).toContainText('read(4096) = 5 "early"');
    await expect(page.getByText(/^guest running, booted in/)).toBeVisible();
  });

  test("without the images there is no guest, and a way to try again", async ({ lab, page }) => {
    await page.route("**/images/*", (route) => route.fulfill({ status: 404 }));
    await page.goto("./");
    await expect(page.getByRole("alert").filter({ hasText: "could not be loaded" })).toBeVisible();
    await page.unroute("**/images/*");
    await page.getByRole("button", { name: "Try again" }).click();
    await lab.ready();
  });
});

test.describe("a guest in trouble", () => {
  test("an agent that is killed comes back", async ({ lab, page }) => {
    await lab.open();
    await lab.ddtest();
    await lab.ended("exit 0");
    await lab.start('sh -c "kill -9 $PPID"');
    await expect(page.getByRole("alert").filter({ hasText: "agent in the guest" })).toBeVisible();
    await lab.ready();
    await lab.ddtest({ words: "again" });
    await lab.ended("exit 0");
    await expect(lab.summary).toHaveText("ddtest: 1 message written, 1 item read, 1 empty read.");
  });

  test("an agent that ends while nothing runs is said to have ended", async ({ lab, page }) => {
    await lab.open();
    await lab.command('sh -c "(sleep 1; kill -9 $PPID) >/dev/null 2>&1 &"');
    await expect(
      page.getByRole("alert").filter({ hasText: "The agent in the guest has ended" }),
    ).toBeVisible();
    await lab.ready();
    await lab.ddtest();
    await lab.ended("exit 0");
  });

  test("a kernel that panics is said to have panicked, and restarts", async ({ lab, page }) => {
    await lab.open();
    await lab.start('sh -c "echo c > /proc/sysrq-trigger"');
    await expect(page.getByRole("alert").filter({ hasText: "panicked" })).toHaveText(
      /The guest’s kernel has panicked: sysrq triggered crash/,
    );
    await page.getByRole("button", { name: "Restart the guest" }).click();
    await lab.ready();
    await lab.ddtest();
    await lab.ended("exit 0");
  });

  test("a program that goes on for ever can be stopped", async ({ lab, page }) => {
    await lab.open();
    await lab.start("sleep 1000");
    await page.getByRole("button", { name: "Stop" }).click();
    await lab.ended("stopped");
    await lab.ddtest();
    await lab.ended("exit 0");
  });
});
