// SPDX-License-Identifier: MIT
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ByteReader } from "./ByteReader.ts";

function stream(pieces: readonly Uint8Array[], end: "close" | Error = "close"): ReadableStream<Uint8Array> {
  const left = [...pieces];
  return new ReadableStream({
    pull(controller) {
      const next = left.shift();
      if (next) controller.enqueue(next);
      else if (end === "close") controller.close();
      else controller.error(end);
    },
  });
}

const bytes = (...values: number[]) => new Uint8Array(values);

describe("ByteReader", () => {
  test("gives the same bytes, however they come and however they are taken", async () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 9 }), { maxLength: 9 });
    await fc.assert(
      fc.asyncProperty(pieces, fc.array(fc.nat(7), { minLength: 1 }), async (parts, lengths) => {
        const all = parts.flatMap((part) => [...part]);
        for (const source of [Uint8Array.from(all), stream(parts)]) {
          const reader = new ByteReader("thing", source);
          const taken: number[] = [];
          for (let next = 0; taken.length < all.length; next++) {
            const length = Math.max(1, lengths[next % lengths.length] ?? 1);
            taken.push(...(await reader.take(Math.min(length, all.length - taken.length))));
          }
          await reader.end();
          expect(taken).toEqual(all);
        }
      }),
    );
  });

  test.each([
    ["a block", () => bytes(1, 2)],
    ["a stream", () => stream([bytes(1), bytes(), bytes(2)])],
  ])("says of %s that it is too short or too long", async (_, source) => {
    await expect(new ByteReader("thing", source()).take(5)).rejects.toThrow(
      "the thing is cut off: 3 more bytes were expected",
    );
    const reader = new ByteReader("thing", source());
    await reader.take(1);
    await expect(reader.end()).rejects.toThrow("the thing is longer than it says");
  });

  test("says what the stream died of", async () => {
    const reader = new ByteReader("thing", stream([bytes(1)], new Error("bad checksum")));
    await reader.take(1);
    await expect(reader.end()).rejects.toThrow("the thing is damaged: bad checksum");
  });
});
