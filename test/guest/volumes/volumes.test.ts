// SPDX-License-Identifier: MIT
// The kernel's read path against volumes made by the original tools: every tree, whole, byte by byte.
import { beforeAll, describe, expect, it } from "vitest";
import { compareTree } from "./compare.ts";
import { dumpInQemu } from "./QemuVolumes.ts";
import { dumpInV86 } from "./V86Volumes.ts";
import { loadVolume, VOLUME_NAMES, type Volume } from "./volume.ts";

const DISKS = 2;
const pairs = Array.from({ length: Math.ceil(VOLUME_NAMES.length / DISKS) }, (_, i) =>
  VOLUME_NAMES.slice(i * DISKS, (i + 1) * DISKS),
);

describe("in QEMU", () => {
  describe.each(pairs)("%s and %s", (...names) => {
    let volumes: Volume[];
    let dumps: string[][];

    beforeAll(async () => {
      volumes = await Promise.all(names.filter(Boolean).map(loadVolume));
      ({ dumps } = await dumpInQemu(volumes));
    });

    it.each(names.filter(Boolean))("%s agrees with its manifest", (name) => {
      const i = volumes.findIndex((volume) => volume.name === name);
      const volume = volumes[i];
      const dump = dumps[i];
      if (!volume || !dump) throw new Error(`${name} was not dumped`);
      expect(compareTree(volume.manifest, dump)).toEqual([]);
    });
  });
});

describe("in v86", () => {
  it.each(VOLUME_NAMES)("%s agrees with its manifest", async (name) => {
    const volume = await loadVolume(name);
    expect(compareTree(volume.manifest, await dumpInV86(volume))).toEqual([]);
  });
});
