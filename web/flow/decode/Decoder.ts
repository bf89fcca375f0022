// SPDX-License-Identifier: MIT
// What a decoder is: it makes named fields of a message's or an item's bytes.

export interface DecodedField {
  readonly name: string;
  /** Where it stands in the payload, in bytes. */
  readonly at: number;
  readonly size: number;
  readonly value: string;
}

export interface Decoded {
  /** What the bytes are: "struct ddlink_overflow". */
  readonly name: string;
  readonly fields: readonly DecodedField[];
  /** Bytes of it that the payload does not hold: the monitor carries only a beginning. */
  readonly missing: number;
}

/** What is known of the bytes beside themselves. */
export interface About {
  /** Kind of the link, as its maker named it; "" when unknown. */
  readonly kind: string;
  /** The event's DDLINK_EVF_* bits. */
  readonly flags: number;
}

export interface Decoder {
  /** Kind of link on which these bytes travel, or ANY. */
  readonly kind: string;
  /** Null when the bytes are something else. */
  decode(payload: Uint8Array, about: About): Decoded | null;
}

export const ANY = "*";
