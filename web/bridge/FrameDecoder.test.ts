// SPDX-License-Identifier: MIT
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BODY_MAX, encodeFrame, type Frame } from "./Frame.ts";
import { FrameDecoder } from "./FrameDecoder.ts";

const anyFrame: fc.Arbitrary<Frame> = fc.record({
  type: fc.nat(255),
  flags: fc.nat(255),
  stream: fc.nat(65535),
  sequence: fc.nat(65535),
  epoch: fc.nat(65535),
  body: fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ min: 1, minLength: 240, maxLength: 530 })),
});
const someFrames = fc.array(anyFrame, { minLength: 1, maxLength: 6 });

const SENTINEL: Frame = { type: 9, flags: 9, stream: 9, sequence: 9, epoch: 9, body: Uint8Array.of(0, 9, 0) };

interface Damage {
  readonly name: string;
  /** `at` is anywhere in the bytes, `n` is small and not zero. */
  readonly apply: (bytes: readonly number[], at: number, n: number) => number[];
}

const DAMAGES: readonly Damage[] = [
  { name: "flip", apply: (b, at, n) => b.map((byte, i) => (i === at ? byte ^ n : byte)) },
  { name: "drop", apply: (b, at, n) => [...b.slice(0, at), ...b.slice(at + n)] },
  { name: "duplicate", apply: (b, at, n) => [...b.slice(0, at + n), ...b.slice(at)] },
  { name: "cut", apply: (b, at) => b.slice(0, at) },
  {
    name: "reorder",
    apply: (b, at, n) => [...b.slice(0, at), ...b.slice(at, at + 2 * n).reverse(), ...b.slice(at + 2 * n)],
  },
];

function wire(frames: readonly Frame[]): number[] {
  return frames.flatMap((frame) => [...encodeFrame(frame)]);
}

function key(frame: Frame): string {
  return JSON.stringify([
    frame.type,
    frame.flags,
    frame.stream,
    frame.sequence,
    frame.epoch,
    [...frame.body],
  ]);
}

/** Pushes `bytes` in pieces of `size`. */
function decode(decoder: FrameDecoder, bytes: readonly number[], size: number): Frame[] {
  const found: Frame[] = [];
  for (let i = 0; i < bytes.length; i += size)
    found.push(...decoder.push(Uint8Array.from(bytes.slice(i, i + size))));
  return found;
}

describe("FrameDecoder", () => {
  it("gives what was encoded, however it is cut", () => {
    fc.assert(
      fc.property(someFrames, fc.integer({ min: 1, max: 700 }), (frames, size) => {
        const decoder = new FrameDecoder();
        expect(decode(decoder, wire(frames), size)).toEqual(frames);
        expect(decoder.counts).toEqual({ frames: frames.length, badCrc: 0, malformed: 0 });
      }),
    );
  });

  it.each(DAMAGES)("after a $name: no wrong frame, and back in step at the next delimiter", ({ apply }) => {
    fc.assert(
      fc.property(someFrames, fc.nat(), fc.integer({ min: 1, max: 9 }), (frames, where, n) => {
        const sound = wire(frames);
        const decoder = new FrameDecoder();
        const damaged = apply(sound, where % sound.length, n);
        const found = decode(decoder, [...damaged, 0, ...encodeFrame(SENTINEL)], 100);
        expect(found.at(-1)).toEqual(SENTINEL);
        const sent = new Set(frames.map(key));
        for (const frame of found.slice(0, -1)) expect(sent).toContain(key(frame));
      }),
      { numRuns: 500 },
    );
  });

  it("counts a frame whose body was changed", () => {
    fc.assert(
      fc.property(anyFrame, fc.nat(), fc.integer({ min: 1, max: 255 }), (frame, where, bits) => {
        const bytes = wire([frame]);
        const at = 1 + (where % (bytes.length - 2));
        const decoder = new FrameDecoder();
        expect(decode(decoder, [...bytes.map((b, i) => (i === at ? b ^ bits : b)), 0], 50)).toEqual([]);
        expect(decoder.counts.badCrc + decoder.counts.malformed).toBeGreaterThan(0);
      }),
    );
  });

  it("takes the largest body and nothing beyond it", () => {
    const frame = { ...SENTINEL, body: new Uint8Array(BODY_MAX).fill(7) };
    const decoder = new FrameDecoder();
    expect(decoder.push(encodeFrame(frame))).toEqual([frame]);
    expect(decoder.push(encodeFrame({ ...frame, body: new Uint8Array(BODY_MAX + 1).fill(7) }))).toEqual([]);
    decoder.push(new Uint8Array(10 * BODY_MAX).fill(1)); // no end in sight, and no room
    expect(decoder.push(encodeFrame(SENTINEL))).toEqual([SENTINEL]);
    expect(decoder.counts).toEqual({ frames: 2, badCrc: 0, malformed: 2 });
  });

  it("takes any bytes without a word", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300, max: 20 })), (chunks) => {
        const decoder = new FrameDecoder();
        for (const chunk of chunks) decoder.push(chunk);
        expect(decoder.push(Uint8Array.from([0, ...encodeFrame(SENTINEL)])).at(-1)).toEqual(SENTINEL);
      }),
    );
  });
});
