// SPDX-License-Identifier: MIT
// What PROTOCOL.md says of limits is what the agent has.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BODY_MAX } from "./Frame.ts";
import { ROOT } from "./NativeAgent.ts";

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const protocol = read("web/bridge/PROTOCOL.md");
const headers = read("guest/agent/limits.h") + read("guest/agent/frame.h");

/** The value of a macro: a number, or one number shifted by another. */
function macro(name: string): number {
  const [, value = "", shift = "0"] =
    new RegExp(`#define ${name}\\s+\\(?(\\d+)(?: << (\\d+))?`).exec(headers) ?? [];
  return Number.parseInt(value, 10) << Number.parseInt(shift, 10);
}

/** The row of the table of limits. */
function row(limit: string): string {
  return protocol.split("\n").find((line) => line.startsWith(`| ${limit} `)) ?? "";
}

describe("the table of limits in PROTOCOL.md", () => {
  it.each([
    ["streams", `all ${macro("LIMIT_STREAMS")} streams`],
    ["programs", `all ${macro("LIMIT_CHILDREN")} programs`],
    ["argv, env and cwd of one program", `at most ${macro("LIMIT_STRINGS")} fit`],
    ["link message", `at most ${macro("LIMIT_MESSAGE")}`],
    ["frame body", macro("FRAME_BODY_MAX").toLocaleString("en")],
    ["half-sent request", `for ${macro("LIMIT_IDLE_MS") / 1000} s`],
  ])("%s", (limit, words) => expect(row(limit)).toContain(words));

  it("has one largest frame for both sides", () => expect(macro("FRAME_BODY_MAX")).toBe(BODY_MAX));
});
