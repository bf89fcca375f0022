// SPDX-License-Identifier: MIT
// The same page in the other engine: it opens, runs ddtest and draws it.

import { expect, test } from "@playwright/test";
import { firefox, noFirefox } from "./browser.ts";
import { Firefox } from "./Firefox.ts";

test("Firefox opens the page, runs ddtest and draws its items", async ({ baseURL }) => {
  test.skip(noFirefox !== "", noFirefox);
  const browser = await Firefox.launch(firefox ?? "");
  try {
    await browser.open(baseURL ?? "");
    const page = "document.querySelector('dd-page').shadowRoot";
    const programs = `${page}.querySelector('dd-programs').shadowRoot`;
    const picture = `${page}.querySelector('dd-flow-panel').shadowRoot.querySelector('dd-flow-picture').shadowRoot`;
    const status = `${page}?.querySelector('.status span').textContent`; // no shadow before the page's script has come
    await expect.poll(() => browser.evaluate(status), { timeout: 60_000 }).toMatch(/^guest running/);
    await browser.evaluate(`${programs}.querySelector('button.primary').click()`);
    const items = `${picture}.querySelectorAll('rect.item').length`;
    await expect.poll(() => browser.evaluate(items), { timeout: 20_000 }).toBe(2);
    expect(browser.complaints).toEqual([]);
  } finally {
    await browser[Symbol.asyncDispose]();
  }
});
