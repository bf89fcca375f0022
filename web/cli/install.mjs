// SPDX-License-Identifier: MIT
// Installs the npm packages when they are missing or older than the lock file. Plain JavaScript: it runs before them.
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`ddlab needs Node 20.19 or newer; this is ${process.versions.node}`);
  process.exit(1);
}

/** @param {string} path */
const time = (path) =>
  statSync(new URL(`../../${path}`, import.meta.url), { throwIfNoEntry: false })?.mtimeMs ?? 0;

if (time("node_modules/.package-lock.json") < time("package-lock.json")) {
  console.log("installing packages");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: new URL("../..", import.meta.url),
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) process.exit(status ?? 1);
}
