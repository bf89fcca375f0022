// SPDX-License-Identifier: MIT
// The committed code is what the generators make of bridge.proto today.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const here = fileURLToPath(new URL(".", import.meta.url));
const folders = { c: join(here, "../../guest/agent/generated"), ts: join(here, "generated") };

function has(program: string, argument: string): boolean {
  try {
    execFileSync(program, [argument], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function read(folder: string): Record<string, string> {
  const names = readdirSync(folder).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

const generators = has("protoc", "--version") && has("which", "protoc-gen-nanopb");

it.skipIf(!generators)("is generated from bridge.proto", () => {
  const c = mkdtempSync(join(tmpdir(), "ddlab-c-"));
  const ts = mkdtempSync(join(tmpdir(), "ddlab-ts-"));
  execFileSync(join(here, "generate.sh"), [c, ts]);
  expect(read(c)).toEqual(read(folders.c));
  expect(read(ts)).toEqual(read(folders.ts));
  rmSync(c, { recursive: true });
  rmSync(ts, { recursive: true });
});
