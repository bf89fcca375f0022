// SPDX-License-Identifier: MIT
// Text: what a component says after an error, and any payload that can be read.

import { ANY, type Decoder } from "./Decoder.ts";

/** DDLINK_EVF_TEXT of the uapi header: the item is an error text. */
const EVF_TEXT = 0x0001;
/** Anything but control characters, though lines may end and tabs stand. */
const READABLE = /^[^\p{Cc}\p{Cn}\p{Cs}\ufffd]*$/u;

export const text: Decoder = {
  kind: ANY,
  decode(payload, { flags }) {
    if (payload.length === 0) return null;
    const value = new TextDecoder().decode(payload);
    const said = (flags & EVF_TEXT) !== 0;
    if (!said && !READABLE.test(value.replace(/[\n\t]/g, ""))) return null;
    const name = said ? "error text" : "text";
    return {
      name,
      fields: [{ name: said ? "says" : "text", at: 0, size: payload.length, value: JSON.stringify(value) }],
      missing: 0,
    };
  },
};
