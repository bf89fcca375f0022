// SPDX-License-Identifier: MIT
// The browsers of this system, found by name on the PATH; none found: Playwright's own, if it is installed.

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const CHROMIUM = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const FIREFOX = ["firefox-esr", "firefox"];

function onPath(names: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export const chromium = onPath(CHROMIUM);
export const firefox = onPath(FIREFOX);

/** Why the tests in Firefox are left out, if so. Never in continuous integration, where a missing browser is an error. */
export const noFirefox =
  firefox === undefined && !process.env.CI ? "no Firefox on this system (Debian package firefox-esr)" : "";

/** Chromium's sandbox does not work for root; its background requests would leave the machine. */
export const chromiumArgs = [
  "--disable-background-networking",
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
];
