// SPDX-License-Identifier: MIT
// The private memory of the page's process (script, wasm, guest) after 20 idle seconds and a collection. Linux only:
// the kernel's own account of the renderer, /proc/PID/smaps_rollup.
import { readFile } from "node:fs/promises";
import { chromium } from "@playwright/test";
import { DIST } from "../../web/cli/freshness.ts";
import { chromiumArgs, chromium as executable } from "../e2e/browser.ts";
import { type Metrics, metric } from "./metrics.ts";
import { serveFolder } from "./serveFolder.ts";

const IDLE_MS = 20_000;
const READY_MS = 60_000;

async function privateBytes(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, "utf8");
  const kib = [...text.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB$/gm)].map((match) => Number(match[1]));
  return kib.reduce((sum, value) => sum + value, 0) * 1024;
}

export async function memory(): Promise<Metrics> {
  const server = await serveFolder(DIST);
  const browser = await chromium.launch({
    args: chromiumArgs,
    ...(executable ? { executablePath: executable } : {}),
  });
  try {
    const page = await browser.newPage();
    await page.goto(server.url);
    await page.getByText(/^guest running/).waitFor({ timeout: READY_MS });
    await page.waitForTimeout(IDLE_MS);
    const session = await page.context().newCDPSession(page);
    await session.send("HeapProfiler.collectGarbage");
    const system = await browser.newBrowserCDPSession();
    const { processInfo } = await system.send("SystemInfo.getProcessInfo");
    const renderers = processInfo.filter(({ type }) => type === "renderer");
    const sizes = await Promise.all(renderers.map(({ id }) => privateBytes(id)));
    return { "page.private_bytes": metric([Math.max(...sizes)], "bytes") };
  } finally {
    await browser.close();
    await server.close();
  }
}
