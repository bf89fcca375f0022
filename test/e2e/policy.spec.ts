// SPDX-License-Identifier: MIT
// The Content-Security-Policy: the page lives under it, an injected script does not, and what the guest prints stays text.

import type { Page } from "@playwright/test";
import { expect, test } from "./LabPage.ts";

const POLICY = "Content-Security-Policy";

/** Notes every violation from the first moment on; `violations` reads them. */
async function watchViolations(page: Page): Promise<void> {
  await page.addInitScript({ path: "test/e2e/watchViolations.js" });
}

function violations(page: Page): Promise<string[]> {
  return page.evaluate(() => Reflect.get(globalThis, "violations"));
}

test("a whole tour, the console with all its colours included, breaks no rule", async ({ lab, page }) => {
  await watchViolations(page);
  await lab.open();
  await lab.ddfork("4", "2");
  await lab.ended("exit 0");
  await page.locator("summary").getByText("Marks").click();
  await lab.events();
  await lab.tab("Console");
  const terminal = page.locator("dd-console");
  await terminal.getByRole("textbox").focus();
  await page.keyboard.type('printf "\\033[38;2;1;200;3mgr""een\\033[0m \\033[7minverse\\033[0m\\n"\n');
  const green = terminal.locator(".xterm-rows span").filter({ hasText: "green" });
  await expect(green).toHaveCSS("color", "rgb(1, 200, 3)");
  await expect(terminal.locator(".xterm-rows > div").first()).not.toHaveCSS("height", "0px");
  await page.emulateMedia({ colorScheme: "dark" });
  await expect(terminal.locator(".xterm-rows")).toHaveCSS("color", "rgb(231, 233, 236)");
  await page.keyboard.press("Tab");
  expect(await violations(page)).toEqual([]);
});

test.describe("an intruder", () => {
  test.use({ allowed: /Content Security Policy|content security policy/ });

  for (const left of ["header", "meta"] as const) {
    test(`is refused by the ${left} alone`, async ({ lab, page }) => {
      await watchViolations(page);
      await page.route("./", async (route) => {
        const answer = await route.fetch();
        const headers = answer.headers();
        expect(headers[POLICY.toLowerCase()]).toContain("default-src 'none'");
        if (left === "meta") delete headers[POLICY.toLowerCase()];
        const text = await answer.text();
        expect(text).toContain(`http-equiv="${POLICY}"`);
        const body = left === "header" ? text.replace(`http-equiv="${POLICY}"`, "") : text;
        await route.fulfill({ response: answer, headers, body });
      });
      await lab.open();
      await page.evaluate(() => {
        const script = document.createElement("script");
        script.textContent = "globalThis.intruded = 'script'";
        document.body.append(script);
        const foreign = document.createElement("script");
        foreign.src = "https://intruder.invalid/x.js";
        document.body.append(foreign);
        document.body.insertAdjacentHTML(
          "beforeend",
          `<img src="data:," onerror="globalThis.intruded = 'handler'">`,
        );
        document.body.insertAdjacentHTML("beforeend", `<p id="styled" style="position: fixed">x</p>`);
        // Not within evaluate, which the debugger frees from the policy.
        setTimeout(() => {
          try {
            Reflect.set(globalThis, "intruded", Reflect.construct(Function, ["return 'eval'"])());
          } catch {
            document.body.append("eval is refused");
          }
        });
      });
      await expect(page.getByText("eval is refused")).toBeVisible();
      await expect(page.locator("#styled")).toHaveCSS("position", "static");
      await expect
        .poll(() => violations(page))
        .toEqual(
          expect.arrayContaining([
            "script-src-elem inline",
            "script-src-elem https://intruder.invalid/x.js",
            "script-src-attr inline",
            "style-src-attr inline",
            "script-src eval",
          ]),
        );
      expect(await page.evaluate(() => Reflect.get(globalThis, "intruded"))).toBeUndefined();
    });
  }
});

test("whatever the guest prints, writes or is called, it stays text", async ({ lab, page }) => {
  const hostile = `<img src=x onerror=alert(1)><script>alert(2)</script>`;
  await lab.open();
  await lab.command(`cp /bin/ddtest "/tmp/<s>x"`);
  await lab.command(`"/tmp/<s>x" "${hostile}"`);
  await expect(lab.output).toContainText(hostile);
  await expect(lab.summary).toContainText("<s>x: 1 message written");
  await expect(lab.picture.locator("text.payload")).toHaveText([/^<img src=x/]);
  await lab.picture.locator("rect.item").click();
  await expect(page.locator("dd-inspector")).toContainText("<img src");
  const rows = await lab.events();
  expect(rows.map(({ process }) => process)).toContainEqual(expect.stringContaining("<s>x"));
  await lab.tab("Console");
  const terminal = page.locator("dd-console");
  await terminal.getByRole("textbox").focus();
  await page.keyboard.type(
    `echo '${hostile}'; printf '\\033]0;${hostile}\\007\\033]8;;javascript:alert(3)\\007link\\033]8;;\\007'\n`,
  );
  await expect(terminal.locator(".xterm-rows")).toContainText("<img src=x");
  await lab.start(`/tmp/<s>none`);
  await expect(page.getByRole("alert").filter({ hasText: "<s>none" })).toBeVisible();
  await expect(page.locator("img, s, dd-page script, a[href^=javascript]")).toHaveCount(0);
  await expect(page).toHaveTitle("ddlab");
});
