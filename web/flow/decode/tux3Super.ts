// SPDX-License-Identifier: MIT
// The superblock of a Tux3 volume: struct tux3_disk_super of fs/tux3/format.h.

import { ANY } from "./Decoder.ts";
import { hex, pad, type StructField, struct, u16, u32, u64 } from "./struct.ts";

/** "tux3" and the date of the format. */
const MAGIC = 0x74757833_20121220n;

export const tux3Super = struct({
  name: "struct tux3_disk_super",
  kind: ANY,
  endian: "big",
  fields: [
    u64("magic", (magic) => `tux3, ${hex(magic & 0xffff_ffffn).slice(2)}`),
    u64("birthdate", hex),
    u64("flags", hex),
    u16("blockbits", (bits) => `${bits}: blocks of ${2 ** bits} bytes`),
    pad(6),
    u64("volblocks"),
    root("iroot"),
    root("oroot"),
    u64("usedinodes"),
    u64("nextblock"),
    u64("atomdictsize"),
    u32("freeatom"),
    u32("atomgen"),
    u64("logchain"),
    u32("logcount"),
  ],
  recognise: (payload) => payload.byteLength >= 8 && payload.getBigUint64(0, false) === MAGIC,
});

/** A packed root: the depth in the upper 16 bits, the block in the lower 48. */
function root(name: string): StructField {
  return u64(name, (packed) => `block ${packed & 0xffff_ffff_ffffn}, depth ${packed >> 48n}`);
}
