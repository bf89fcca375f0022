// SPDX-License-Identifier: MIT
import { cobsDecode } from "./cobs.ts";
import { crc32 } from "./crc32.ts";
import { BODY_MAX, CRC_BYTES, type Frame, HEADER_BYTES, wireRoom } from "./Frame.ts";

/** What became of the bytes so far. */
export interface FrameCounts {
  readonly frames: number;
  readonly badCrc: number;
  /** Not COBS, too short or too long. */
  readonly malformed: number;
}

const RAW_MAX = HEADER_BYTES + BODY_MAX + CRC_BYTES;

/**
 * Takes the bytes of a line as they come and gives the good frames in them. A bad one is counted and
 * dropped, and the next delimiter begins a new one: whatever arrives, it never throws and never waits.
 */
export class FrameDecoder {
  readonly #buffer = new Uint8Array(wireRoom(BODY_MAX));
  #length = 0;
  /** Too long already: nothing counts until the next delimiter. */
  #skipping = false;
  #frames = 0;
  #badCrc = 0;
  #malformed = 0;

  get counts(): FrameCounts {
    return { frames: this.#frames, badCrc: this.#badCrc, malformed: this.#malformed };
  }

  /** The frames that `bytes` completes. */
  push(bytes: Uint8Array): Frame[] {
    const frames: Frame[] = [];
    let from = 0;
    while (from < bytes.length) {
      const end = bytes.indexOf(0, from);
      this.#collect(bytes.subarray(from, end < 0 ? bytes.length : end));
      if (end < 0) break;
      const frame = this.#delimit();
      if (frame) frames.push(frame);
      from = end + 1;
    }
    return frames;
  }

  #collect(bytes: Uint8Array): void {
    this.#skipping ||= bytes.length > this.#buffer.length - this.#length;
    if (this.#skipping) return;
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #delimit(): Frame | undefined {
    const length = this.#length;
    const skipped = this.#skipping;
    this.#length = 0;
    this.#skipping = false;
    if (!skipped) return length === 0 ? undefined : this.#decode(this.#buffer.subarray(0, length));
    this.#malformed++;
    return undefined;
  }

  #decode(stuffed: Uint8Array): Frame | undefined {
    const raw = cobsDecode(stuffed);
    if (!raw || raw.length < HEADER_BYTES + CRC_BYTES || raw.length > RAW_MAX) {
      this.#malformed++;
      return undefined;
    }
    const view = new DataView(raw.buffer, raw.byteOffset, raw.length);
    const end = raw.length - CRC_BYTES;
    if (crc32(raw.subarray(0, end)) !== view.getUint32(end, true)) {
      this.#badCrc++;
      return undefined;
    }
    this.#frames++;
    return {
      type: view.getUint8(0),
      flags: view.getUint8(1),
      stream: view.getUint16(2, true),
      sequence: view.getUint16(4, true),
      epoch: view.getUint16(6, true),
      body: raw.subarray(HEADER_BYTES, end),
    };
  }
}
