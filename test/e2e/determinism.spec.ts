// SPDX-License-Identifier: MIT
// Start + input log = every byte of memory, CPU and output, whatever the engine: one live run in Node, from power-on
// over the mount to ddtest and ddfork with the JIT at work, run again in Node, Chromium and Firefox.

import { type Fingerprint, firstDifference } from "../../web/machine/Fingerprint.ts";
import { firefox, noFirefox } from "./browser.ts";
import { Firefox } from "./Firefox.ts";
import { expect, test } from "./LabPage.ts";
import { RECORD_MS, type Recording, record, replay } from "./Recording.ts";

const LEAST_JIT_MODULES = 50;

let recording: Recording;
test.describe.configure({ timeout: 115_000 });
test.beforeAll(async () => {
  test.setTimeout(RECORD_MS + 10_000);
  recording = await record();
});

function expectSame(one: Fingerprint, other: Fingerprint): void {
  expect(firstDifference(one, other)).toBeUndefined();
}

test("a run and its replay are the same in Node, with the JIT at work", () => {
  expectSame(recording.live, recording.replayed);
  expect(recording.live.jitModules).toBeGreaterThanOrEqual(LEAST_JIT_MODULES);
});

test("the replay in Chromium is the run in Node", async ({ lab, page }) => {
  await lab.open();
  const replayed = await replay(recording.log, (expression) => page.evaluate(expression));
  expectSame(recording.live, replayed);
});

test("one changed input byte is another run, the same in Node and Chromium", async ({ lab, page }) => {
  const { live, changed, changedLog } = recording;
  for (const part of ["consoleSha256", "memorySha256", "stateSha256"] as const)
    expect(changed[part], part).not.toBe(live[part]);
  await lab.open();
  expectSame(changed, await replay(changedLog, (expression) => page.evaluate(expression)));
});

test("the replay in Firefox is the run in Node", async ({ baseURL }) => {
  test.skip(noFirefox !== "", noFirefox);
  const browser = await Firefox.launch(firefox ?? "");
  try {
    await browser.open(baseURL ?? "");
    // the page's script comes after the page
    await expect.poll(() => browser.evaluate("'ddlab' in window"), { timeout: 60_000 }).toBe(true);
    expectSame(recording.live, await replay(recording.log, (expression) => browser.evaluate(expression)));
    expect(browser.complaints).toEqual([]);
  } finally {
    await browser[Symbol.asyncDispose]();
  }
});
