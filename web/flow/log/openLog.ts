// SPDX-License-Identifier: MIT
// A saved event log from a file or a download, entry by entry, in batches.

import { BYTES_MAX } from "./format.ts";
import { type LogEntry, LogError, LogReader } from "./LogReader.ts";

export interface LogBatch {
  readonly entries: readonly LogEntry[];
  /** Events that the whole log has. */
  readonly announced: number;
  /** Bytes of the log that have been read so far. */
  readonly bytes: number;
}

/** Text is taken in pieces of so many characters: some hundred events, a millisecond or two. */
const PIECE = 16 << 10;

/** Rejects with a LogError, one sentence for a person. Whoever iterates decides how fast. */
export async function* openLog(
  bytes: ReadableStream<Uint8Array>,
  bytesMax = BYTES_MAX,
): AsyncGenerator<LogBatch, void, undefined> {
  const reader = new LogReader();
  for await (const { text, total } of texts(bytes, bytesMax)) {
    for (let from = 0; from < text.length; from += PIECE) {
      const entries = reader.push(text.slice(from, from + PIECE));
      if (entries.length > 0) yield { entries, announced: reader.announced, bytes: total };
    }
  }
  reader.end();
}

async function* texts(
  bytes: ReadableStream<Uint8Array>,
  bytesMax: number,
): AsyncGenerator<{ readonly text: string; readonly total: number }, void, undefined> {
  const decoder = new TextDecoder();
  const source = bytes.getReader();
  try {
    for (let total = 0; ; ) {
      const { done, value } = await source.read();
      if (done) return;
      total += value.length;
      if (total > bytesMax)
        throw new LogError(`The event log is larger than ${bytesMax >> 20} MiB: save a shorter one.`);
      yield { text: decoder.decode(value, { stream: true }), total };
    }
  } finally {
    await source.cancel().catch(() => undefined); // the log's own error is the one to tell
  }
}
