// SPDX-License-Identifier: MIT
// Messages from a guest that may be hostile.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concatenated } from "../base/concatenated.ts";
import { decode, decodeAll } from "./decode.ts";
import { FileInfo, Hello, Pong, Reply } from "./generated/bridge.ts";
import { unhex } from "./NativeCodec.ts";

const pong = Pong.encode({
  token: 7,
  line: { frames: 300, badCrc: 1, malformed: 2, gaps: 3, stale: 4 },
  streams: 5,
  children: 6,
}).finish();

const anyInfo: fc.Arbitrary<FileInfo> = fc.record({
  name: fc.string({ unit: "grapheme", maxLength: 200 }),
  mode: fc.nat(),
  ino: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  nlink: fc.nat(),
  uid: fc.nat(2 ** 32 - 1),
  gid: fc.nat(2 ** 32 - 1),
  rdev: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  size: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  blocks: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  mtime: fc.option(
    fc.record({ seconds: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), nanoseconds: fc.nat() }),
    { nil: undefined },
  ),
  ctime: fc.constant(undefined),
  target: fc.string({ unit: "grapheme", maxLength: 20 }),
});

describe("decode", () => {
  it("gives any message back", () => {
    fc.assert(
      fc.property(anyInfo, (info) => {
        expect(decode(FileInfo, FileInfo.encode(info).finish())).toEqual(info);
      }),
    );
  });

  it("skips fields that nobody knows, of every wire type", () => {
    const unknown = unhex("7801 7a026869 79 0102030405060708 7d01020304 7b08017c".replaceAll(" ", ""));
    expect(decode(Pong, concatenated([unknown, pong, unknown]))).toEqual(decode(Pong, pong));
  });

  it("skips a field of another type than its own", () => {
    expect(decode(Pong, concatenated([unhex("0a026869"), pong]))).toEqual(decode(Pong, pong));
  });

  it("survives a reply that it does not know", () => {
    expect(decode(Reply, unhex("7a020801"))).toEqual({ what: undefined });
  });

  it.each([
    ["a tag of nothing", "00", "illegal tag: field no 0 wire type 0"],
    ["a zero behind the message", "180100", "illegal tag: field no 0 wire type 0"],
    ["the end of a group that did not begin", "1c0d01000000", "cant skip wire type 4"],
    ["a group that another one ends", "7b0801e401", "invalid end group tag"],
    ["a wire type that is none", "7f", "illegal tag: field no 15 wire type 7"],
    ["a tag above 2^32", "8d8080801000000000", "illegal tag: varint overflows uint32"],
    ["a tag without an end", "ffffffffffffffffffffff01", "invalid varint"],
    ["a number without an end", "18ffffffffffffffffffffff", "premature EOF"],
    ["a number of 11 bytes", "18ffffffffffffffffffff01", "invalid varint"],
    ["groups in groups in groups", "7b".repeat(1000), "maximum recursion depth"],
    ["a length beyond the message", "12ffffffff0f", "premature EOF"],
  ])("refuses %s", (_, bytes, why) => {
    expect(() => decode(Pong, unhex(bytes))).toThrow(why);
  });

  it("refuses text that is not UTF-8, and keeps all of what is", () => {
    expect(() => decode(FileInfo, unhex("0a02c328"))).toThrow("not valid");
    expect(decode(FileInfo, unhex("0a04efbbbf78")).name).toBe("\ufeffx");
  });

  it("refuses a message that is cut in a field", () => {
    const between = [0, 5, 18, 20, 22]; // the fields of `pong`
    for (let end = 0; end <= pong.length; end++) {
      const read = () => decode(Pong, pong.subarray(0, end));
      if (between.includes(end)) expect(read).not.toThrow();
      else expect(read, `${end} bytes`).toThrow();
    }
  });

  it("makes a message or an error of any bytes", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(Hello, Reply, FileInfo),
        fc.uint8Array({ maxLength: 100 }),
        (type, bytes) => {
          try {
            const message: object = decode<object>(type, bytes);
            expect(message).toBeTypeOf("object");
          } catch (error) {
            expect(error).toBeInstanceOf(Error);
          }
        },
      ),
      { numRuns: 5000 },
    );
  });
});

async function* each(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

async function all(most: number, ...chunks: Uint8Array[]): Promise<FileInfo[]> {
  const found: FileInfo[] = [];
  for await (const info of decodeAll(FileInfo, each(chunks), most)) found.push(info);
  return found;
}

function delimited(info: FileInfo): Uint8Array {
  const bytes = FileInfo.encode(info).finish();
  const low = (bytes.length & 0x7f) | (bytes.length > 0x7f ? 0x80 : 0);
  return concatenated([Uint8Array.of(...(bytes.length > 0x7f ? [low, bytes.length >> 7] : [low])), bytes]);
}

describe("decodeAll", () => {
  it("finds the messages wherever the chunks are cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyInfo, { maxLength: 5 }),
        fc.integer({ min: 1, max: 300 }),
        async (infos, size) => {
          const bytes = concatenated(infos.map(delimited));
          const count = Math.ceil(bytes.length / size);
          const chunks = Array.from({ length: count }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
          expect(await all(2000, ...chunks)).toEqual(infos);
        },
      ),
    );
  });

  it.each([
    [
      "a message that is too long, before it came",
      "e807",
      "a message of 1000 bytes came: at most 100 are taken",
    ],
    ["a length of 2^32 - 1", "ffffffff0f", "a message of 4294967295 bytes came: at most 100 are taken"],
    ["a length without an end", "ffffffffff", "the length of a message takes more than 5 bytes"],
    ["an end within a message", "050a03", "the last message is not whole: 3 bytes of it came"],
    ["an end within a length", "80", "the last message is not whole: 1 bytes of it came"],
    ["a message that is none", "0100", "illegal tag"],
  ])("refuses %s", async (_, bytes, why) => {
    await expect(all(100, unhex(bytes))).rejects.toThrow(why);
  });
});
