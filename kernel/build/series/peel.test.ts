// SPDX-License-Identifier: MIT
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Files, peel } from "./peel.ts";
import { parsePatch, type SeriesPatch } from "./SeriesPatch.ts";

const patch = (name: string, ...header: readonly string[]): SeriesPatch =>
  parsePatch(`series/${name}.txt`, [`Subject: ${name}`, ...header, "", "Why."].join("\n"));

const base: Files = new Map([
  ["Makefile", "obj-y += old.o\n"],
  ["old.c", "old\n"],
]);
const overlaid: Files = new Map([
  ["Makefile", "obj-y += old.o\nobj-$(CONFIG_A) += a.o\nobj-$(CONFIG_B) += b.o\n"],
  ["old.c", "new\n"],
  ["a.c", "a\n"],
  ["b.c", "b\n"],
]);
const A = patch("a", "File: a.c", "Part: Makefile CONFIG_A");
const B = patch("b", "File: b.c", "Part: Makefile CONFIG_B", "File: old.c");

describe("peel", () => {
  it("gives the tree before, between and after the patches", () => {
    const [first, second, third] = peel(base, overlaid, [A, B]);
    expect(first).toEqual(base);
    expect(second).toEqual(
      new Map([
        ["Makefile", "obj-y += old.o\nobj-$(CONFIG_A) += a.o\n"],
        ["old.c", "old\n"],
        ["a.c", "a\n"],
      ]),
    );
    expect(third).toEqual(overlaid);
  });

  it("names a new file that no patch owns", () => {
    const more = new Map([...overlaid, ["fs/c.c", "c\n"]]);
    expect(() => peel(base, more, [A, B])).toThrow(
      'kernel/linux/fs/c.c belongs to no patch: add "File: fs/c.c" to one of kernel/series/*/*.txt',
    );
  });

  it("names an edit that no patch owns, with its lines", () => {
    expect(() => peel(base, overlaid, [patch("a", "File: a.c"), B])).toThrow(
      /^Makefile: .*\n {2}obj-\$\(CONFIG_A\) \+= a\.o$/,
    );
  });

  it("names a file that two patches want, or that is not there", () => {
    expect(() => peel(base, overlaid, [A, B, patch("c", "File: a.c")])).toThrow(
      /^series\/a\.txt: "File: a\.c"/,
    );
    expect(() => peel(base, overlaid, [A, B, patch("c", "File: c.c")])).toThrow(
      /^series\/c\.txt: "File: c\.c"/,
    );
  });

  it("names a part that is not there", () => {
    expect(() => peel(base, overlaid, [A, B, patch("c", "Part: Makefile CONFIG_C")])).toThrow(
      'series/c.txt: "Part: Makefile CONFIG_C": no such part',
    );
  });

  it("refuses a part that cuts a line of the source", () => {
    expect(() => peel(base, overlaid, [A, B, patch("c", "Part: Makefile old.o")])).toThrow(/cuts too much/);
  });

  it("adds up to the overlay whoever owns which file", () => {
    const owners = fc.array(fc.nat(4), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(owners, (owner) => {
        const files = new Map(owner.map((_, index) => [`f${index}`, `${index}\n`]));
        const patches = [0, 1, 2, 3, 4].map((one) =>
          patch(`p${one}`, ...owner.flatMap((of, index) => (of === one ? [`File: f${index}`] : []))),
        );
        const states = peel(new Map(), files, patches);
        expect(states.map(({ size }) => size)).toEqual(
          [-1, 0, 1, 2, 3, 4].map((last) => owner.filter((of) => of <= last).length),
        );
        expect(states.at(-1)).toEqual(files);
      }),
    );
  });
});
