// SPDX-License-Identifier: MIT
// A run's saved log as a text that an address can carry: columns, gzip, then base64 with the letters of addresses.

import { Flow } from "../flow/Flow.ts";
import type { Run } from "../flow/Lives.ts";
import { fromColumns, toColumns } from "../flow/log/columns.ts";
import { writeLog } from "../flow/log/writeLog.ts";

/**
 * Some 3000 events. Chats and issue trackers take 28,000 characters and more in one message, and links are given on with
 * words beside them; a run that needs more is better kept as a file, which can be named and put beside the page.
 */
const ADDRESS_MOST = 16_000;
/** Bytes; a hostile link could blow up to any number. */
const INFLATED_MOST = 16 << 20;

/** The run alone, as a flow of its own. */
export function flowOfRun(flow: Flow, run: Run): Flow {
  const alone = new Flow();
  for (let index = 0; index < run.events.length; index++) alone.push(flow.event(run.events.at(index)));
  return alone;
}

/** Null when the run is too long for an address. */
export async function packLog(flow: Flow): Promise<string | null> {
  const columns = toColumns([...writeLog(flow)].join(""));
  const packed = new Blob([columns]).stream().pipeThrough(new CompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const safe = text.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  return safe.length > ADDRESS_MOST ? null : safe;
}

/** The stream fails when the text is not what packLog gave; what it holds is checked by whoever reads the log. */
export function unpackLog(text: string): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async start(controller) {
      try {
        const log = await inflated(decoded(text));
        // Links of earlier versions carry the log's lines as they are.
        controller.enqueue(new TextEncoder().encode(log.startsWith("[") ? log : fromColumns(log)));
        controller.close();
      } catch (error) {
        controller.error(error);
      }
    },
  });
}

async function inflated(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  let length = 0;
  const limit = new TransformStream<Uint8Array, Uint8Array<ArrayBuffer>>({
    transform(part, controller) {
      length += part.length;
      if (length > INFLATED_MOST) throw new RangeError("the link holds more than any link does");
      controller.enqueue(part.slice());
    },
  });
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream.pipeThrough(limit)).text();
}

function decoded(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (character) =>
      character.charCodeAt(0),
    );
  } catch {
    return new Uint8Array();
  }
}
