// SPDX-License-Identifier: MIT
// The item that stands where items were lost: struct ddlink_overflow of include/uapi/linux/ddlink.h.

import { ANY } from "./Decoder.ts";
import { hex, struct, u32 } from "./struct.ts";

/** "lost", as the bytes stand. */
const MAGIC = 0x74736f6c;

export const overflow = struct({
  name: "struct ddlink_overflow",
  kind: ANY,
  endian: "little",
  fields: [u32("magic", hex), u32("lost")],
  recognise: (payload) => payload.byteLength === 8 && payload.getUint32(0, true) === MAGIC,
});
