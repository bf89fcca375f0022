// SPDX-License-Identifier: MIT
import { describe, expect, it } from "vitest";
import { encodeMutants, mutants, random } from "./mutate.ts";
import { loadVolume } from "./volume.ts";

const COUNT = 60;

describe("mutants", () => {
  it("are the same for the same seed, others for another", async () => {
    const { image, manifest } = await loadVolume("example");
    const encoded = (seed: number) => encodeMutants(mutants(image, manifest.mkfs.blocksize, COUNT, seed));
    expect(encoded(1)).toBe(encoded(1));
    expect(encoded(1)).not.toBe(encoded(2));
  });

  it("lie within the image, behind the boot area, and mostly change it", async () => {
    const { image, manifest } = await loadVolume("special");
    const edits = mutants(image, manifest.mkfs.blocksize, COUNT, 3).flatMap((mutant) => mutant.edits);
    for (const { offset, bytes } of edits) {
      expect(offset).toBeGreaterThanOrEqual(4096);
      expect(offset + bytes.length).toBeLessThanOrEqual(image.length);
    }
    const changing = edits.filter(
      ({ offset, bytes }) => !image.subarray(offset, offset + bytes.length).equals(Buffer.from(bytes)),
    );
    expect(changing.length).toBeGreaterThan(edits.length * 0.7);
  });

  it("pick places evenly", () => {
    const pick = random(7);
    const counts = new Array<number>(8).fill(0);
    for (let i = 0; i < 8000; i++) {
      const at = pick(8);
      counts[at] = (counts[at] ?? 0) + 1;
    }
    for (const count of counts) expect(count).toBeGreaterThan(850);
  });
});
