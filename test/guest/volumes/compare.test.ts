// SPDX-License-Identifier: MIT
import { beforeAll, describe, expect, it } from "vitest";
import { compareTree } from "./compare.ts";
import type { Expected } from "./Manifest.ts";
import { loadVolume, VOLUME_NAMES, type Volume } from "./volume.ts";

/** The dump that a faultless kernel would give. */
function faultlessDump({ manifest }: Volume): Record<string, unknown>[] {
  const { blocksize, volblocks } = manifest.mkfs;
  const { free_blocks, used_inodes } = manifest.after_replay_before_orphan_removal;
  const hide = ({ type, xattr }: Expected) =>
    !xattr || type === "file" || type === "dir"
      ? xattr
      : Object.fromEntries(Object.keys(xattr).map((name) => [name, null]));
  const statfs = { type: 0x74757833, bsize: blocksize, blocks: volblocks, namelen: 255 };
  const counts = { bfree: free_blocks, bavail: free_blocks, files: 2 ** 48, ffree: 2 ** 48 - used_inodes };
  const entries = manifest.tree.map((entry) => ({
    ...entry,
    blocks: (Math.ceil(entry.size / blocksize) * blocksize) / 512,
    ...(entry.xattr && { xattr: hide(entry) }),
  }));
  return [{ statfs: { ...statfs, ...counts } }, ...entries];
}

let special: Volume;
let dump: Record<string, unknown>[];

beforeAll(async () => {
  special = await loadVolume("special");
  dump = faultlessDump(special);
});

const differences = (lines: readonly unknown[]) =>
  compareTree(
    special.manifest,
    lines.map((line) => JSON.stringify(line)),
  );

/** The dump with one entry changed. */
function changed(path: string, change: Record<string, unknown>): unknown[] {
  expect(dump.some((line) => line.path === path)).toBe(true);
  return dump.map((line) => (line.path === path ? { ...line, ...change } : line));
}

describe("compareTree", () => {
  it("has at least the volumes that the original tools made", () => {
    expect(VOLUME_NAMES.length).toBeGreaterThanOrEqual(17);
  });

  it("finds nothing where all agrees", () => {
    expect(differences(dump)).toEqual([]);
  });

  it.each([
    ["mode", "0600"],
    ["uid", 77],
    ["gid", 77],
    ["nlink", 9],
    ["ino", 9999],
    ["size", 1],
    ["blocks", 99],
    ["mtime", [0, 0]],
    ["ctime", [0, 0]],
    ["type", "fifo"],
    ["sha256", "00"],
    ["sha256", null],
    ["xattr", { "user.one": "AAAA" }],
    ["xattr", undefined],
    ["error", "read: Input/output error"],
  ])("tells a wrong %s", (name, value) => {
    const [first, ...more] = differences(changed("/x/a", { [name]: value }));
    expect(first).toContain("/x/a");
    expect(more).toEqual([]);
  });

  it("tells a wrong device, target and extra field", () => {
    expect(differences(changed("/chr", { rdev: [9, 9] }))).toHaveLength(1);
    const link = special.manifest.tree.find((entry) => entry.type === "symlink")?.path ?? "none";
    expect(differences(changed(link, { target: "elsewhere" }))).toHaveLength(1);
    expect(differences(changed(link, { rdev: [1, 1] }))).toHaveLength(1);
  });

  it("tells wrong statfs fields", () => {
    const [first, ...rest] = dump;
    const wrong = { statfs: { ...Object(first?.statfs), bfree: 1 } };
    expect(differences([wrong, ...rest])).toEqual([expect.stringContaining("statfs: bfree is 1")]);
    expect(differences(rest)).toEqual(["statfs: missing"]);
  });

  it("tells a missing path, one too many and one told twice", () => {
    const without = dump.filter((line) => line.path !== "/x/a");
    expect(differences(without)).toEqual(["/x/a: missing"]);
    const extra = { ...dump.find((line) => line.path === "/x/a"), path: "/x/extra" };
    expect(differences([...dump, extra])).toHaveLength(1);
    expect(differences([...dump, ...dump.slice(1, 2)])).toHaveLength(1);
  });

  it("tells extents that are elsewhere", async () => {
    const sparse = await loadVolume("sparse");
    const lines = faultlessDump(sparse).map((line) =>
      JSON.stringify(line).replace('"offset":20480', '"offset":24576'),
    );
    expect(compareTree(sparse.manifest, lines)).toEqual([expect.stringContaining("/big: extents")]);
  });
});
