// SPDX-License-Identifier: MIT
// A decoder from the description of a C struct: its fields in their order.

import type { Decoded, DecodedField, Decoder } from "./Decoder.ts";

export type Endian = "little" | "big";

/** One field: how many bytes, and what they say. */
export interface StructField {
  readonly name: string;
  readonly size: number;
  readonly show: (bytes: DataView, endian: Endian) => string;
}

export interface StructDescription {
  readonly name: string;
  /** Kind of link on which it travels, or ANY. */
  readonly kind: string;
  readonly endian: Endian;
  readonly fields: readonly StructField[];
  /** Are these bytes such a struct? Asked when at least one field is there; without it, all of that kind are. */
  readonly recognise?: (payload: DataView) => boolean;
}

export function struct({ name, kind, endian, fields, recognise }: StructDescription): Decoder {
  const size = fields.reduce((sum, field) => sum + field.size, 0);
  const decode = (payload: Uint8Array): Decoded | null => {
    const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
    if (payload.length < (fields[0]?.size ?? 0) || recognise?.(view) === false) return null;
    const decoded = fieldsIn(view, fields, endian);
    return { name, fields: decoded, missing: Math.max(0, size - payload.length) };
  };
  return { kind, decode };
}

/** The fields that the bytes hold whole. */
function fieldsIn(view: DataView, fields: readonly StructField[], endian: Endian): DecodedField[] {
  const found: DecodedField[] = [];
  let at = 0;
  for (const { name, size, show } of fields) {
    if (at + size > view.byteLength) break;
    if (name !== "") {
      const bytes = new DataView(view.buffer, view.byteOffset + at, size);
      found.push({ name, at, size, value: show(bytes, endian) });
    }
    at += size;
  }
  return found;
}

type Show = (value: number) => string;

export const u8 = (name: string, show: Show = String): StructField => ({
  name,
  size: 1,
  show: (bytes) => show(bytes.getUint8(0)),
});
export const u16 = (name: string, show: Show = String): StructField => ({
  name,
  size: 2,
  show: (bytes, endian) => show(bytes.getUint16(0, endian === "little")),
});
export const u32 = (name: string, show: Show = String): StructField => ({
  name,
  size: 4,
  show: (bytes, endian) => show(bytes.getUint32(0, endian === "little")),
});
export const s32 = (name: string, show: Show = String): StructField => ({
  name,
  size: 4,
  show: (bytes, endian) => show(bytes.getInt32(0, endian === "little")),
});
export const u64 = (name: string, show: (value: bigint) => string = String): StructField => ({
  name,
  size: 8,
  show: (bytes, endian) => show(bytes.getBigUint64(0, endian === "little")),
});

/** Text of a fixed size, padded with NUL. */
export const chars = (name: string, size: number): StructField => ({
  name,
  size,
  show: (bytes) => {
    const all = new Uint8Array(bytes.buffer, bytes.byteOffset, size);
    const end = all.indexOf(0);
    return JSON.stringify(new TextDecoder().decode(end < 0 ? all : all.subarray(0, end)));
  },
});

/** Bytes that mean nothing. */
export const pad = (size: number): StructField => ({ name: "", size, show: () => "" });

export const hex = (value: number | bigint): string => `0x${value.toString(16)}`;
