// SPDX-License-Identifier: MIT
import { expect, it } from "vitest";
import { fillIn, leaveOut } from "./measured.ts";

it("puts what the command prints in its place, unchanged but for the indent", async () => {
  const asked: string[] = [];
  const text = await fillIn("Size:\n\n@SIZE@\n\nEnd", async (command) => {
    asked.push(command.join(" "));
    return "name  bytes\n$&     2\n\n";
  });
  expect(text).toBe("Size:\n\n  name  bytes\n  $&     2\n\nEnd");
  expect(asked).toEqual(["npm run --silent size"]);
});

it("leaves out what is only for who measures", async () => {
  const size = "| bytes | 2 |\n\n| clause | 1 |\n\n| section | bytes |\n| .text | 2 |\n";
  expect(await fillIn("@SIZE@", async () => size)).toBe("  | bytes | 2 |\n\n  | clause | 1 |");
  expect(await fillIn("@PEERS@", async () => "pipe 2\n\nmetric  median\n")).toBe("  pipe 2");
});

it("names the command where nothing is measured", async () => {
  expect(await fillIn("@PEERS@", leaveOut)).toBe(
    "  (not measured; npm run --silent bench -- peers prints it)",
  );
});
