// SPDX-License-Identifier: MIT
import fc from "fast-check";
import { expect, test } from "vitest";
import { Disk, SECTOR_BYTES } from "./Disk.ts";

const SECTORS = 16;
const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

test("reads what was written last, from the volume where nothing was", () => {
  const write = fc.record({
    sector: fc.nat(SECTORS - 1),
    count: fc.integer({ min: 1, max: 4 }),
    byte: fc.nat(255),
  });
  fc.assert(
    fc.property(fc.array(write), fc.nat(SECTORS * SECTOR_BYTES), fc.nat(3000), (writes, offset, length) => {
      const volume = new Uint8Array(SECTORS * SECTOR_BYTES).map((_, i) => i >> 5);
      const original = volume.slice();
      const model = volume.slice();
      const disk = new Disk(volume);
      for (const { sector, count, byte } of writes) {
        const data = new Uint8Array(Math.min(count, SECTORS - sector) * SECTOR_BYTES).fill(byte);
        model.set(data, sector * SECTOR_BYTES);
        disk.set(sector * SECTOR_BYTES, data, () => {});
        data.fill(0); // v86 reuses its buffer
      }
      const restored = new Disk(volume);
      restored.set_state(disk.get_state());
      const end = Math.min(offset + length, model.length);
      expect(same(disk.read(offset, end - offset), model.slice(offset, end))).toBe(true);
      expect(same(restored.read(0, model.length), model)).toBe(true);
      expect(same(volume, original)).toBe(true);
    }),
  );
});

test("counts commands and sectors", () => {
  const disk = new Disk(new Uint8Array(SECTORS * SECTOR_BYTES));
  disk.get(0, 3 * SECTOR_BYTES, () => {});
  disk.set(0, new Uint8Array(2 * SECTOR_BYTES), () => {});
  disk.set(0, new Uint8Array(SECTOR_BYTES), () => {});
  expect(disk.stats).toEqual({ reads: 1, sectorsRead: 3, writes: 2, sectorsWritten: 3, changedSectors: 2 });
  const restored = new Disk(new Uint8Array(SECTORS * SECTOR_BYTES));
  restored.set_state(disk.get_state());
  expect(restored.stats).toEqual(disk.stats);
});

test("an image is cut down to whole sectors", () => {
  const disk = new Disk(new Uint8Array(2 * SECTOR_BYTES + 100));
  expect(disk.byteLength).toBe(2 * SECTOR_BYTES);
  expect(() => disk.read(2 * SECTOR_BYTES, 1)).toThrow("the disk has 1024 bytes");
});

test("a damaged saved state is refused", () => {
  const disk = new Disk(new Uint8Array(SECTOR_BYTES));
  expect(() => disk.set_state([Uint32Array.of(0), new Uint8Array(5), new Uint32Array(4)])).toThrow(
    "sector numbers and data differ",
  );
});
