// SPDX-License-Identifier: MIT
/** gzip through the platform's own streams, the same in browsers and in Node. */

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** What the platform's inflater is given at once: no more than this comes to, inflated, is held. */
const PIECE_BYTES = 1 << 16;

/** Piece by piece, as fast as it is read. Fails while it is read when the bytes are damaged or cut off. */
export function inflated(bytes: Uint8Array): ReadableStream<Uint8Array> {
  const { readable, writable } = new DecompressionStream("gzip");
  feed(bytes, writable).catch(() => undefined); // told to whoever reads
  return readable;
}

async function feed(bytes: Uint8Array, into: WritableStream<BufferSource>): Promise<void> {
  const writer = into.getWriter();
  for (let at = 0; at < bytes.length; at += PIECE_BYTES)
    await writer.write(bytes.slice(at, at + PIECE_BYTES));
  await writer.close();
}

export function gunzip(bytes: Uint8Array): Promise<Uint8Array> {
  return through(bytes, new DecompressionStream("gzip"));
}

export function gzip(bytes: Uint8Array): Promise<Uint8Array> {
  return through(bytes, new CompressionStream("gzip"));
}

async function through(bytes: Uint8Array, transform: ReadableWritablePair): Promise<Uint8Array> {
  const source = new Blob([new Uint8Array(bytes)]).stream();
  return new Uint8Array(await new Response(source.pipeThrough(transform)).arrayBuffer());
}
