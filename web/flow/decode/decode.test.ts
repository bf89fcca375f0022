// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Decoded } from "./Decoder.ts";
import { reading } from "./example.ts";
import { decodePayload } from "./registry.ts";
import { chars, pad, struct, u8, u16, u64 } from "./struct.ts";

const UNKNOWN = { kind: "", flags: 0 };
const file = (path: string) => readFileSync(new URL(path, import.meta.url));

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replace(/\s/g, ""), "hex"));
}

function valuesOf(decoded: Decoded | null): Record<string, string> {
  return Object.fromEntries((decoded?.fields ?? []).map(({ name, value }) => [name, value]));
}

describe("decodePayload", () => {
  it("reads an overflow item", () => {
    const decoded = decodePayload(bytesOf("6c6f7374 2a000000"), UNKNOWN);
    expect(decoded).toEqual({
      name: "struct ddlink_overflow",
      fields: [
        { name: "magic", at: 0, size: 4, value: "0x74736f6c" },
        { name: "lost", at: 4, size: 4, value: "42" },
      ],
      missing: 0,
    });
  });

  it("reads the superblock of the real volume", () => {
    const superblock = file("../../../images/tux3.img").subarray(4096, 4096 + 256);
    const decoded = decodePayload(superblock, UNKNOWN);
    expect(decoded?.name).toBe("struct tux3_disk_super");
    expect(decoded?.fields.at(-1)).toMatchObject({ name: "logcount", at: 96, size: 4 });
    expect(valuesOf(decoded)).toMatchObject({
      magic: "tux3, 20121220",
      blockbits: "9: blocks of 512 bytes",
      volblocks: "512",
      iroot: expect.stringMatching(/^block \d+, depth 1$/),
    });
  });

  it("reads a record of the monitor", () => {
    const record = bytesOf(`60000000 0600 0100 0700000000000000 15cd5b0700000000
      0300000000000000 0200000003000000 fbffffff 40000000 05000000 05000000 01000000 05000000
      29000000 29000000 64647465737400000000000000000000 68656c6c6f000000`);
    const values = valuesOf(decodePayload(record, { kind: "monitor", flags: 0 }));
    expect(values).toMatchObject({
      type: "read (6)",
      time_ns: "123456789",
      link: "3",
      item: "0x300000002",
      result: "-5",
      pid: "41",
      comm: '"ddtest"',
    });
  });

  it("reads text, and says when it is an error's", () => {
    const hello = new TextEncoder().encode('no "such" thing\n');
    expect(decodePayload(hello, { kind: "tux3 echo", flags: 1 })).toMatchObject({
      name: "error text",
      fields: [{ name: "says", value: '"no \\"such\\" thing\\n"' }],
    });
    expect(decodePayload(hello, UNKNOWN)?.name).toBe("text");
    expect(decodePayload(bytesOf("00ff10"), UNKNOWN)).toBeNull();
    expect(decodePayload(new Uint8Array(), UNKNOWN)).toBeNull();
  });

  it("gives only what the payload holds, and says what is missing", () => {
    const superblock = file("../../../images/tux3.img").subarray(4096, 4096 + 30);
    const decoded = decodePayload(superblock, UNKNOWN);
    expect(decoded?.fields.map(({ name }) => name)).toEqual(["magic", "birthdate", "flags", "blockbits"]);
    expect(decoded?.missing).toBe(70);
  });

  it("never fails, and its fields lie within the payload", () => {
    const beginnings = ["", "6c6f7374", "7475783320121220", "600000000600"].map(bytesOf);
    fc.assert(
      fc.property(fc.constantFrom(...beginnings), fc.uint8Array({ maxLength: 200 }), (start, rest) => {
        const payload = Uint8Array.from([...start, ...rest]);
        for (const { at, size } of decodePayload(payload, UNKNOWN)?.fields ?? [])
          expect(at + size).toBeLessThanOrEqual(payload.length);
      }),
    );
  });
});

describe("a decoder of one's own", () => {
  it("is what README.md shows, and works", () => {
    const example = file("example.ts").toString();
    expect(file("README.md").toString()).toContain(example);
    expect(example.trim().split("\n").length).toBeLessThanOrEqual(20);
    const payload = bytesOf("02000000 d700 4300");
    const decoded = decodePayload(payload, { kind: "thermometer", flags: 0 }, [reading]);
    expect(valuesOf(decoded)).toEqual({ sensor: "2", tenths: "21.5 degrees", unit: '"C"' });
    expect(decodePayload(payload, { kind: "tux3 echo", flags: 0 }, [reading])).toBeNull();
  });

  it("is asked before those for any kind", () => {
    const own = struct({ name: "struct mine", kind: "mine", endian: "big", fields: [u8("letter")] });
    expect(decodePayload(bytesOf("41"), { kind: "mine", flags: 0 }, [own])?.name).toBe("struct mine");
  });

  it("takes both byte orders, and padding", () => {
    const fields = [u16("short"), pad(6), u64("long"), chars("name", 4)];
    const payload = bytesOf("0102 000000000000 0000000000000001 61620000");
    for (const [endian, short, long] of [
      ["big", "258", "1"],
      ["little", "513", "72057594037927936"],
    ] as const) {
      const decoded = struct({ name: "s", kind: "k", endian, fields }).decode(payload, UNKNOWN);
      expect(valuesOf(decoded)).toEqual({ short, long, name: '"ab"' });
      expect(decoded?.fields.map(({ at }) => at)).toEqual([0, 8, 16]);
    }
  });
});
