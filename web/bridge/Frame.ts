// SPDX-License-Identifier: MIT
// Frames on the wire: 0x00 COBS(header, body, CRC-32) 0x00. Integers are little-endian. See PROTOCOL.md.
import { cobsEncode, cobsRoom } from "./cobs.ts";
import { crc32 } from "./crc32.ts";

export const FRAME = {
  sync: 0x01,
  hello: 0x02,
  ping: 0x03,
  pong: 0x04,
  request: 0x10,
  reply: 0x11,
  data: 0x12,
  credit: 0x13,
  cancel: 0x14,
} as const;

/** The last of its stream, in its direction. */
export const FIN = 0x01;
/** The body is an Error. */
export const ERR = 0x02;

export const HEADER_BYTES = 8;
export const CRC_BYTES = 4;
/** What everyone takes before HELLO. */
export const BODY_MIN = 1024;
/** What this side takes. */
export const BODY_MAX = 32768;

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  /** Counts up by one per frame of its direction, modulo 2^16. */
  readonly sequence: number;
  /** Of the session, modulo 2^16. */
  readonly epoch: number;
  readonly body: Uint8Array;
}

/** Bytes that a frame with `body` bytes may take on the wire, delimiters included. */
export function wireRoom(body: number): number {
  return cobsRoom(HEADER_BYTES + body + CRC_BYTES) + 2;
}

function raw(frame: Frame): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + frame.body.length + CRC_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, frame.type);
  view.setUint8(1, frame.flags);
  view.setUint16(2, frame.stream, true);
  view.setUint16(4, frame.sequence, true);
  view.setUint16(6, frame.epoch, true);
  bytes.set(frame.body, HEADER_BYTES);
  const end = bytes.length - CRC_BYTES;
  view.setUint32(end, crc32(bytes.subarray(0, end)), true);
  return bytes;
}

export function encodeFrame(frame: Frame): Uint8Array {
  const wire = new Uint8Array(wireRoom(frame.body.length));
  const end = cobsEncode(raw(frame), wire, 1);
  return wire.subarray(0, end + 1);
}
