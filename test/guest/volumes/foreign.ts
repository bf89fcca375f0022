// SPDX-License-Identifier: MIT
// Disks that are no Tux3 volume, one that this driver must not take, or one whose damage shows only
// behind the mount, with the answer that each deserves.
import type { Mutant } from "./mutate.ts";

const SUPER = 4096;
const BLOCKBITS = SUPER + 24;
const VOLBLOCKS = SUPER + 32;
const LOGCHAIN = SUPER + 88;
const LOGCOUNT = SUPER + 96;
const EXT4_SUPER = 1024;
const EXT4_MAGIC = EXT4_SUPER + 56;

export const EINVAL = 22;
export const EUCLEAN = 117;

export interface Foreign extends Mutant {
  readonly errno: number;
  /** What the kernel's one line must say. */
  readonly says: string;
}

function edit(offset: number, hex: string) {
  return { offset, bytes: Buffer.from(hex, "hex") };
}

export const FOREIGN: readonly Foreign[] = [
  { name: "zeroes", edits: [edit(SUPER, "00".repeat(512))], errno: EINVAL, says: "not a Tux3 volume" },
  {
    name: "ext4",
    edits: [edit(SUPER, "00".repeat(512)), edit(EXT4_SUPER, "00".repeat(512)), edit(EXT4_MAGIC, "53ef")],
    errno: EINVAL,
    says: "not a Tux3 volume",
  },
  {
    name: "revision-2015",
    edits: [edit(SUPER + 4, "20150601")],
    errno: EINVAL,
    says: "format revision 20 15 06 01 is not supported",
  },
  { name: "blocksize-256", edits: [edit(BLOCKBITS, "0008")], errno: EINVAL, says: "block size 2^8" },
  { name: "blocksize-8192", edits: [edit(BLOCKBITS, "000d")], errno: EINVAL, says: "block size 2^13" },
  {
    name: "truncated",
    edits: [edit(VOLBLOCKS, "0000000000ffffff")],
    errno: EUCLEAN,
    says: "the volume has 16777215 blocks, the device only",
  },
  {
    name: "no-log",
    edits: [edit(LOGCOUNT, "00000000")],
    errno: EUCLEAN,
    says: "index node",
  },
  {
    name: "log-elsewhere",
    edits: [edit(LOGCHAIN, "0000ffffffffffff")],
    errno: EUCLEAN,
    says: "block 281474976710655 is outside of the volume",
  },
  {
    name: "log-too-long",
    edits: [edit(LOGCOUNT, "ffffffff")],
    errno: EUCLEAN,
    says: "the superblock counts 4294967295 log blocks",
  },
];

/** Where the example volume has its root directory and the data leaf of /link. */
const ROOT_DIRECTORY = 62 * 512;
const DATA_LEAF = 65 * 512;

/** Mounted, but not to be read: `errno` is that of the reader. */
export const UNREADABLE: readonly Foreign[] = [
  {
    name: "entry-without-room",
    edits: [edit(ROOT_DIRECTORY + 8, "01f8")],
    errno: EUCLEAN,
    says: "has an entry with no room for its head at byte 504",
  },
  {
    name: "old-data-leaf",
    edits: [edit(DATA_LEAF, "1eaf")],
    errno: EUCLEAN,
    says: "data leaf 65 has magic 1eaf",
  },
];
