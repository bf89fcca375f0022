// SPDX-License-Identifier: MIT
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventRecordDecoder } from "./eventRecord.ts";
import { KERNEL_EVENT_TYPES, type KernelEvent } from "./KernelEvent.ts";

const HEADER = 88;

/** The layout of struct ddlink_event, written down a second time. */
function encode(event: KernelEvent): Uint8Array {
  const size = Math.ceil((HEADER + event.payload.length) / 8) * 8;
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, size, true);
  view.setUint16(4, KERNEL_EVENT_TYPES.indexOf(event.type), true);
  view.setUint16(6, event.flags, true);
  for (const [i, value] of [event.seq, event.timeNs, event.link, event.item].entries())
    view.setBigUint64(8 + 8 * i, BigInt(value), true);
  const words = [event.result, event.value, event.len, event.payload.length, event.items, event.bytes];
  for (const [i, value] of [...words, event.pid, event.tgid].entries())
    view.setUint32(40 + 4 * i, value, true);
  bytes.set(new TextEncoder().encode(event.comm), 72);
  bytes.set(event.payload, HEADER);
  return bytes;
}

const uint32 = fc.integer({ min: 0, max: 0xffffffff });
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const count = fc.maxSafeNat();

const anyEvent: fc.Arbitrary<KernelEvent> = fc.record({
  type: fc.constantFrom(...KERNEL_EVENT_TYPES),
  flags: fc.nat(0xffff),
  seq: count,
  timeNs: count,
  link: count,
  item: count,
  result: int32,
  value: uint32,
  len: uint32,
  items: uint32,
  bytes: uint32,
  pid: int32,
  tgid: int32,
  comm: fc.stringMatching(/^[a-z/:0-9-]{0,15}$/),
  payload: fc.uint8Array({ maxLength: 300 }),
});

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

const EXAMPLE: KernelEvent = {
  type: "write",
  flags: 0,
  seq: 7,
  timeNs: 123456789,
  link: 3,
  item: 0,
  result: 5,
  value: 0,
  len: 5,
  items: 1,
  bytes: 5,
  pid: 42,
  tgid: 42,
  comm: "ddtest",
  payload: new TextEncoder().encode("hello"),
};

/** EXAMPLE with some bytes overwritten. */
function broken(at: number, ...bytes: number[]): Uint8Array {
  const record = encode(EXAMPLE);
  record.set(bytes, at);
  return record;
}

describe("EventRecordDecoder", () => {
  it("gives the events, however the bytes are cut", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 5 }), fc.integer({ min: 1, max: 200 }), (events, size) => {
        const bytes = concat(events.map(encode));
        const decoder = new EventRecordDecoder();
        const found: KernelEvent[] = [];
        for (let i = 0; i < bytes.length; i += size) found.push(...decoder.push(bytes.subarray(i, i + size)));
        expect(found).toEqual(events);
      }),
    );
  });

  it("adds up what the kernel lost", () => {
    const decoder = new EventRecordDecoder();
    decoder.push(encode({ ...EXAMPLE, type: "overflow", value: 3, payload: new Uint8Array() }));
    decoder.push(encode(EXAMPLE));
    decoder.push(encode({ ...EXAMPLE, type: "overflow", value: 4, payload: new Uint8Array() }));
    expect(decoder.lost).toBe(7);
  });

  it.each([
    ["its size is 8", broken(0, 8, 0)],
    ["its size is 97", broken(0, 97, 0)],
    ["its size is 65632", broken(2, 1)],
    ["its type is 99", broken(4, 99)],
    ["its padding is not zero", broken(95, 1)],
    ["seq is 18446744073709551615", broken(8, 255, 255, 255, 255, 255, 255, 255, 255)],
    ["100 bytes of payload in a record of 96", broken(52, 100)],
  ])("refuses a record: %s", (why, bytes) => {
    expect(() => new EventRecordDecoder().push(bytes)).toThrow(why);
  });
});
