// SPDX-License-Identifier: MIT
import { BinaryReader } from "@bufbuild/protobuf/wire";
import { concatenated } from "../base/concatenated.ts";
import { BridgeError } from "./BridgeError.ts";

/** How a message is read: what `bridge.proto` generates. */
export interface Decoder<T> {
  decode(reader: BinaryReader): T;
}

/** Of a varint that counts bytes: enough for 2^32 - 1. */
const LENGTH_BYTES = 5;

/** What is not UTF-8 is refused, and a byte order mark is text. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Throws unless all fields are whole and have tags: at another tag the generated code would stop without a word. */
function check(bytes: Uint8Array): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    reader.skip(wireType, field);
  }
}

/**
 * The message that `bytes` are; whoever wrote them may be hostile. Fields that nobody knows, or that have another
 * type than theirs, are skipped.
 */
export function decode<T>(type: Decoder<T>, bytes: Uint8Array): T {
  check(bytes);
  return type.decode(new BinaryReader(bytes, (text) => utf8.decode(text)));
}

interface Part {
  readonly from: number;
  readonly to: number;
}

/** Where the first message of `bytes` is, behind its length; undefined: more bytes must come to tell. */
function firstPart(bytes: Uint8Array, most: number): Part | undefined {
  const last = bytes.subarray(0, LENGTH_BYTES).findIndex((byte) => byte < 0x80);
  if (last < 0 && bytes.length >= LENGTH_BYTES)
    throw new BridgeError(`the length of a message takes more than ${LENGTH_BYTES} bytes`);
  if (last < 0) return undefined;
  const length = new BinaryReader(bytes).uint32();
  if (length > most) throw new BridgeError(`a message of ${length} bytes came: at most ${most} are taken`);
  return { from: last + 1, to: last + 1 + length };
}

/** Messages that come one after the other, each with its length (varint) in front; of at most `most` bytes each. */
export async function* decodeAll<T>(
  type: Decoder<T>,
  chunks: AsyncIterable<Uint8Array>,
  most: number,
): AsyncGenerator<T, void, undefined> {
  let rest: Uint8Array = new Uint8Array();
  for await (const chunk of chunks) {
    rest = concatenated([rest, chunk]);
    for (;;) {
      const part = firstPart(rest, most);
      if (!part || part.to > rest.length) break;
      yield decode(type, rest.subarray(part.from, part.to));
      rest = rest.subarray(part.to);
    }
  }
  if (rest.length > 0)
    throw new BridgeError(`the last message is not whole: ${rest.length} bytes of it came`);
}
