// SPDX-License-Identifier: MIT
// What must be found on a volume (test/volumes/*.json), and what treedump says that it found.
import * as v from "valibot";

const count = v.pipe(v.number(), v.safeInteger());
const time = v.tuple([count, count]);
const Extent = v.object({ offset: count, length: count, sha256: v.nullable(v.string()) });

/** The fields that a manifest and a dump share. */
const common = {
  path: v.string(),
  type: v.picklist(["file", "dir", "symlink", "char", "block", "fifo", "socket"]),
  mode: v.string(),
  uid: count,
  gid: count,
  nlink: count,
  ino: count,
  size: count,
  mtime: time,
  ctime: time,
  sha256: v.optional(v.nullable(v.string())),
  extents: v.optional(v.array(Extent)),
  target: v.optional(v.string()),
  rdev: v.optional(v.tuple([count, count])),
};

const Expected = v.strictObject({ ...common, xattr: v.optional(v.record(v.string(), v.string())) });

/** A value is null where the kernel shows the name of an attribute but not its value. */
const Found = v.strictObject({
  ...common,
  blocks: count,
  xattr: v.optional(v.record(v.string(), v.nullable(v.string()))),
});

const Failed = v.object({ path: v.string(), error: v.string() });

const Statfs = v.strictObject({
  statfs: v.strictObject({
    type: count,
    bsize: count,
    blocks: count,
    bfree: count,
    bavail: count,
    files: count,
    ffree: count,
    namelen: count,
  }),
});

export const Manifest = v.object({
  image: v.string(),
  mkfs: v.object({ blocksize: count, volume_bytes: count, volblocks: count }),
  image_sha256: v.string(),
  after_replay_before_orphan_removal: v.object({ free_blocks: count, used_inodes: count }),
  tree: v.array(Expected),
});

/** The order matters: a line with an error has all else that was found, too. */
export const DumpLine = v.union([Statfs, Found, Failed]);

export type Manifest = v.InferOutput<typeof Manifest>;
export type Expected = v.InferOutput<typeof Expected>;
export type Found = v.InferOutput<typeof Found>;
export type Statfs = v.InferOutput<typeof Statfs>["statfs"];
export type DumpLine = v.InferOutput<typeof DumpLine>;

export function parseManifest(text: string): Manifest {
  return v.parse(Manifest, JSON.parse(text));
}

export function parseDumpLine(text: string): DumpLine {
  try {
    return v.parse(DumpLine, JSON.parse(text));
  } catch (error) {
    throw new Error(`not a line of treedump: ${text.slice(0, 200)}`, { cause: error });
  }
}
