// SPDX-License-Identifier: MIT
import { concatenated } from "./concatenated.ts";

/** All that an answer brings, in one block. `onBytes` hears of each piece, in bytes. */
export async function readBody(
  body: ReadableStream<Uint8Array>,
  onBytes: (bytes: number) => void = () => {},
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  for (const reader = body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return concatenated(pieces);
    pieces.push(value);
    onBytes(value.length);
  }
}
