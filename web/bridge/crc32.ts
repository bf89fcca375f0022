// SPDX-License-Identifier: MIT
// CRC-32 as in Ethernet and zip (reflected 0x04c11db7).

function remainder(byte: number): number {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
  return rest;
}

const TABLE = Int32Array.from({ length: 256 }, (_, byte) => remainder(byte));

/** Continues `crc` (0 to begin with) over `bytes`; the result is unsigned. */
export function crc32(bytes: Uint8Array, crc = 0): number {
  let rest = ~crc;
  for (const byte of bytes) rest = (rest >>> 8) ^ (TABLE[(rest ^ byte) & 0xff] ?? 0);
  return ~rest >>> 0;
}
