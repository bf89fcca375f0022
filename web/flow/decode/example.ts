// SPDX-License-Identifier: MIT
// struct reading { __le32 sensor; __le16 tenths; char unit[2]; }, on links of kind "thermometer".

import { chars, struct, u16, u32 } from "./struct.ts";

export const reading = struct({
  name: "struct reading",
  kind: "thermometer",
  endian: "little",
  fields: [u32("sensor"), u16("tenths", (tenths) => `${tenths / 10} degrees`), chars("unit", 2)],
});
