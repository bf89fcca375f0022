// SPDX-License-Identifier: MIT
// A run's saved log as a text that an address can carry: gzip, then base64 with the letters of addresses.

import { Flow } from "../flow/Flow.ts";
import type { Run } from "../flow/Lives.ts";
import { writeLog } from "../flow/log/writeLog.ts";

/** Longer addresses are cut off by chats and mails. */
const ADDRESS_MOST = 16_000;

/** The run alone, as a flow of its own. */
export function flowOfRun(flow: Flow, run: Run): Flow {
  const alone = new Flow();
  for (let index = 0; index < run.events.length; index++) alone.push(flow.event(run.events.at(index)));
  return alone;
}

/** Null when the run is too long for an address. */
export async function packLog(flow: Flow): Promise<string | null> {
  const packed = new Blob([...writeLog(flow)]).stream().pipeThrough(new CompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const safe = text.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  return safe.length > ADDRESS_MOST ? null : safe;
}

/** The stream fails when the text is not what packLog gave; what it holds is checked by whoever reads the log. */
export function unpackLog(text: string): ReadableStream<Uint8Array> {
  const bytes = decoded(text);
  return new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
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
