// SPDX-License-Identifier: MIT
// Consistent overhead byte stuffing: any bytes as bytes without zeroes.
// Each group is a count c (1 to 255) and c - 1 bytes that are not zero; a group of less than 255
// stands for one zero more, unless it is the last.

const GROUP_MAX = 254;

/** Room that `length` bytes may need once encoded. */
export function cobsRoom(length: number): number {
  return length + Math.floor(length / GROUP_MAX) + 1;
}

/** Encodes `bytes`, at least one, into `out` from `at` on; returns where it ended. */
export function cobsEncode(bytes: Uint8Array, out: Uint8Array, at: number): number {
  let count = at;
  let to = at + 1;
  for (let i = 0; i < bytes.length; i++) {
    if (to - count > GROUP_MAX) {
      out[count] = to - count;
      count = to++;
    }
    const byte = bytes[i] ?? 0;
    if (byte !== 0) {
      out[to++] = byte;
    } else {
      out[count] = to - count;
      count = to++;
    }
  }
  out[count] = to - count;
  return to;
}

/** Decodes `bytes`; undefined: this is not COBS. */
export function cobsDecode(bytes: Uint8Array): Uint8Array | undefined {
  const out = new Uint8Array(bytes.length);
  let from = 0;
  let to = 0;
  while (from < bytes.length) {
    const count = bytes[from++] ?? 0;
    if (count === 0 || count - 1 > bytes.length - from) return undefined;
    out.set(bytes.subarray(from, from + count - 1), to);
    from += count - 1;
    to += count - 1;
    if (count <= GROUP_MAX && from < bytes.length) to++; // a zero, which is there already
  }
  return out.subarray(0, to);
}
