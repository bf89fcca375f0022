// SPDX-License-Identifier: MIT
// All decoders, those that know more first. Add yours here.

import { type About, ANY, type Decoded, type Decoder } from "./Decoder.ts";
import { monitorEvent } from "./monitorEvent.ts";
import { overflow } from "./overflow.ts";
import { text } from "./text.ts";
import { tux3Super } from "./tux3Super.ts";

const DECODERS: readonly Decoder[] = [overflow, tux3Super, monitorEvent, text];

/** The decoders of the link's own kind are asked before those for any kind. */
export function decodePayload(
  payload: Uint8Array,
  about: About,
  decoders: readonly Decoder[] = DECODERS,
): Decoded | null {
  const own = decoders.filter(({ kind }) => kind === about.kind);
  const any = decoders.filter(({ kind }) => kind === ANY);
  for (const decoder of [...own, ...any]) {
    const decoded = decoder.decode(payload, about);
    if (decoded) return decoded;
  }
  return null;
}
