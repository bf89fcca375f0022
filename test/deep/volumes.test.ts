// SPDX-License-Identifier: MIT
// Every Tux3 volume on the kernel with every check on: what it reads is right, and how it reads it, too.
import { beforeAll, expect, test } from "vitest";
import { complaintsOf } from "../guest/ddlink/Harness.ts";
import { TestKernel } from "../guest/ddlink/TestKernel.ts";
import { compareTree } from "../guest/volumes/compare.ts";
import { dumpInQemu } from "../guest/volumes/QemuVolumes.ts";
import { loadVolume, VOLUME_NAMES } from "../guest/volumes/volume.ts";

const BUILD_MS = 3_600_000;
const ONE_MS = 600_000;

let kernel: TestKernel;

beforeAll(async () => {
  kernel = await TestKernel.debug();
}, BUILD_MS);

test.each(VOLUME_NAMES)("%s", { timeout: ONE_MS }, async (name) => {
  const volume = await loadVolume(name);
  const { dumps, console } = await dumpInQemu([volume], kernel.boot);
  expect(compareTree(volume.manifest, dumps[0] ?? [])).toEqual([]);
  expect(complaintsOf(console)).toEqual([]);
});
