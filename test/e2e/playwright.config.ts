// SPDX-License-Identifier: MIT
// The built page in a real browser, with the real guest. `playwright test --config test/e2e/playwright.config.ts`

import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { defineConfig } from "@playwright/test";
import { chromium, chromiumArgs } from "./browser.ts";

/** A free port, the same in the runner and its workers, which inherit the environment. */
async function freePort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("localhost has no free port");
  return String(address.port);
}

// Workers inherit the environment. Node 20 has WebSocket behind this flag, and the Firefox test needs it.
process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ""} --experimental-websocket`;
process.env.DDLAB_E2E_PORT ??= await freePort();
const url = `http://localhost:${process.env.DDLAB_E2E_PORT}/`;

export default defineConfig({
  testDir: ".",
  snapshotPathTemplate: "golden/{arg}{ext}",
  outputDir: "../../test-results/e2e",
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: [["list"]],
  forbidOnly: process.env.CI !== undefined,
  use: {
    baseURL: url,
    viewport: { width: 1440, height: 900 },
    trace: "retain-on-failure",
    launchOptions: { args: chromiumArgs, ...(chromium ? { executablePath: chromium } : {}) },
  },
  projects: [{ name: "chromium", use: { browserName: "chromium" } }],
  webServer: {
    command: `npx tsx web/cli/serve.ts --port ${process.env.DDLAB_E2E_PORT}`,
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    url,
    timeout: 300_000,
  },
});
