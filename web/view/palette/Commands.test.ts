// SPDX-License-Identifier: MIT
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Command, Commands, grouped, matchingCommands } from "./Commands.ts";
import { isSingleCharacter, keyCaps, keyName } from "./keys.ts";

function command(id: string, part: Partial<Command> = {}): Command {
  return { id, title: id, group: "Group", run: () => {}, ...part };
}

function pressed(key: string, ...held: ("ctrlKey" | "metaKey" | "altKey" | "shiftKey")[]): string {
  const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
  return keyName({ key, ...none, ...Object.fromEntries(held.map((name) => [name, true])) });
}

describe("Commands", () => {
  it("gives a key to the picture while it has the focus, else to the page", () => {
    const commands = new Commands();
    const picture = command("step", { keys: ["n"], scope: "picture" });
    const page = command("next", { keys: ["n", "F3"], scope: "page" });
    commands.register([picture, page]);
    expect(commands.forKey("n", true)).toBe(picture);
    expect(commands.forKey("n", false)).toBe(page);
    expect(commands.forKey("F3", true)).toBe(page);
    expect(commands.forKey("x", true)).toBeUndefined();
  });

  it("runs nothing that is not possible now", () => {
    const commands = new Commands();
    commands.register([command("stop", { keys: ["s"], possible: () => false })]);
    expect(commands.forKey("s", false)).toBeUndefined();
    expect(commands.possible).toEqual([]);
    expect(commands.all).toHaveLength(1);
  });

  it("refuses a second command of a name or a key, and takes some out again", () => {
    const commands = new Commands();
    const remove = commands.register([command("one", { keys: ["a"] })]);
    expect(() => commands.register([command("one")])).toThrow("two commands one");
    expect(() => commands.register([command("two", { keys: ["a"] })])).toThrow("belongs to one");
    remove();
    commands.register([command("two", { keys: ["a"] })]);
    expect(commands.all.map(({ id }) => id)).toEqual(["two"]);
  });
});

describe("matchingCommands", () => {
  const all = [
    command("a", { title: "Zoom in", group: "View" }),
    command("b", { title: "Export as SVG", group: "File" }),
    command("c", { title: "Show the view in full", group: "View" }),
  ];

  it("finds by any words of title and group, the early ones first", () => {
    expect(matchingCommands(all, "vi").map(({ id }) => id)).toEqual(["a", "c"]);
    expect(matchingCommands(all, "svg EX").map(({ id }) => id)).toEqual(["b"]);
    expect(matchingCommands(all, "").map(({ id }) => id)).toEqual(["a", "b", "c"]);
    expect(matchingCommands(all, "nothing")).toEqual([]);
  });

  it("only ever gives some of the commands, each once", () => {
    fc.assert(
      fc.property(fc.string(), (query) => {
        const found = matchingCommands(all, query);
        expect(new Set(found).size).toBe(found.length);
        expect(all).toEqual(expect.arrayContaining(found));
      }),
    );
  });

  it("keeps groups in order", () => {
    expect([...grouped(all)].map(([group, list]) => [group, list.length])).toEqual([
      ["View", 2],
      ["File", 1],
    ]);
  });
});

describe("keys", () => {
  it("have names as the commands write them", () => {
    expect(pressed("k", "ctrlKey")).toBe("Ctrl+K");
    expect(pressed("k", "metaKey")).toBe("Ctrl+K");
    expect(pressed("?", "shiftKey")).toBe("?");
    expect(pressed("N", "shiftKey")).toBe("N");
    expect(pressed(" ")).toBe("Space");
    expect(pressed("ArrowLeft", "shiftKey")).toBe("Shift+ArrowLeft");
    expect(pressed("s", "ctrlKey", "shiftKey")).toBe("Ctrl+Shift+S");
  });

  it("are shown as caps", () => {
    expect(keyCaps("Ctrl+K")).toEqual(["Ctrl", "K"]);
    expect(keyCaps("n")).toEqual(["N"]);
    expect(keyCaps("N")).toEqual(["Shift", "N"]);
    expect(keyCaps("+")).toEqual(["+"]);
    expect(keyCaps("Shift+ArrowLeft")).toEqual(["Shift", "←"]);
  });

  it("are single characters or not", () => {
    expect(["n", "?", "Space", "Ctrl+K", "F3", "ArrowLeft"].map(isSingleCharacter)).toEqual([
      ...[true, true, true, false, false, false],
    ]);
  });
});
