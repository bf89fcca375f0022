// SPDX-License-Identifier: MIT
import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Sha256 } from "./Sha256.ts";

const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

test("agrees with Node for every length around the block boundaries", () => {
  for (let length = 0; length < 200; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => i * 7);
    expect(Sha256.of(bytes)).toBe(digest(bytes));
  }
});

test("a stream cut anywhere, saved and resumed has the digest of the whole", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 150 })), (parts) => {
      let sha = new Sha256();
      for (const part of parts) sha = Sha256.resume(sha.update(part).state);
      expect(sha.hex()).toBe(digest(Buffer.concat(parts)));
    }),
  );
});
