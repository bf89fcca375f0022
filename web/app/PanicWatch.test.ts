// SPDX-License-Identifier: MIT
import fc from "fast-check";
import { expect, it } from "vitest";
import { PanicWatch } from "./PanicWatch.ts";

const CONSOLE =
  "[ 1.0] all is well\r\n[ 2.0] Kernel panic - not syncing: sysrq triggered crash\r\n[ 2.1] ---[ end\r\n";

it("finds the reason wherever the output is cut into pieces, once", () => {
  const cut = fc.array(fc.nat(CONSOLE.length), { maxLength: 8 });
  fc.assert(
    fc.property(cut, (cuts) => {
      const watch = new PanicWatch();
      const ends = [...cuts.sort((a, b) => a - b), CONSOLE.length];
      const found = ends.map((end, index) =>
        watch.push(new TextEncoder().encode(CONSOLE.slice(ends[index - 1] ?? 0, end))),
      );
      expect(found.filter((reason) => reason !== null)).toEqual(["sysrq triggered crash"]);
    }),
  );
});

it("keeps quiet as long as the kernel does", () => {
  expect(new PanicWatch().push(new TextEncoder().encode("panic? no\n".repeat(500)))).toBeNull();
});
