// SPDX-License-Identifier: MIT
// CRC-32 as in Ethernet and zip (reflected 0x04c11db7), eight bytes at a time: every byte of the line passes here.

const LANES = 8;

/** TABLE[256 * k + b]: what byte b does to the remainder when k more bytes follow it. */
const TABLE = makeTable();

function remainder(byte: number): number {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
  return rest;
}

function makeTable(): Int32Array {
  const table = new Int32Array(256 * LANES);
  for (let byte = 0; byte < 256; byte++) table[byte] = remainder(byte);
  for (let i = 256; i < table.length; i++) {
    const shorter = table[i - 256] ?? 0;
    table[i] = (shorter >>> 8) ^ (table[shorter & 0xff] ?? 0);
  }
  return table;
}

/** Continues `crc` (0 to begin with) over `bytes`; the result is unsigned. */
export function crc32(bytes: Uint8Array, crc = 0): number {
  const end = bytes.length - (bytes.length % LANES);
  let rest = ~crc;
  for (let i = 0; i < end; i += LANES) rest = eightBytes(bytes, i, rest);
  for (let i = end; i < bytes.length; i++) rest = (rest >>> 8) ^ entry(0, rest ^ at(bytes, i));
  return ~rest >>> 0;
}

function eightBytes(bytes: Uint8Array, i: number, rest: number): number {
  const low =
    rest ^ (at(bytes, i) | (at(bytes, i + 1) << 8) | (at(bytes, i + 2) << 16) | (at(bytes, i + 3) << 24));
  return (
    entry(7, low) ^
    entry(6, low >>> 8) ^
    entry(5, low >>> 16) ^
    entry(4, low >>> 24) ^
    entry(3, at(bytes, i + 4)) ^
    entry(2, at(bytes, i + 5)) ^
    entry(1, at(bytes, i + 6)) ^
    entry(0, at(bytes, i + 7))
  );
}

function entry(following: number, byte: number): number {
  return TABLE[256 * following + (byte & 0xff)] ?? 0;
}

function at(bytes: Uint8Array, i: number): number {
  return bytes[i] ?? 0;
}
