// SPDX-License-Identifier: MIT
// A record of the monitor, where it travels as an item: struct ddlink_event of include/uapi/linux/ddlink.h.

import { KERNEL_EVENT_TYPES } from "../../bridge/KernelEvent.ts";
import { ANY } from "./Decoder.ts";
import { chars, hex, s32, struct, u16, u32, u64 } from "./struct.ts";

const HEADER_BYTES = 88;

export const monitorEvent = struct({
  name: "struct ddlink_event",
  kind: ANY,
  endian: "little",
  fields: [
    u32("size"),
    u16("type", (type) => `${KERNEL_EVENT_TYPES[type] ?? "unknown"} (${type})`),
    u16("flags", hex),
    u64("seq"),
    u64("time_ns"),
    u64("link"),
    u64("item", hex),
    s32("result"),
    u32("value", hex),
    u32("len"),
    u32("snap"),
    u32("items"),
    u32("bytes"),
    s32("pid"),
    s32("tgid"),
    chars("comm", 16),
  ],
  recognise: isRecord,
});

/** Nothing marks a record, so all that must agree is asked. */
function isRecord(payload: DataView): boolean {
  if (payload.byteLength < HEADER_BYTES) return false;
  const size = payload.getUint32(0, true);
  const snap = payload.getUint32(52, true);
  const known = payload.getUint16(4, true) < KERNEL_EVENT_TYPES.length;
  return known && size >= payload.byteLength && size === Math.ceil((HEADER_BYTES + snap) / 8) * 8;
}
