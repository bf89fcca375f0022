// SPDX-License-Identifier: MIT
// The monitor's records: struct ddlink_event of include/uapi/linux/ddlink.h, little-endian.

import { concatenated } from "../base/concatenated.ts";
import { BridgeError } from "./BridgeError.ts";
import { KERNEL_EVENT_TYPES, type KernelEvent } from "./KernelEvent.ts";

const HEADER_BYTES = 88;
const COMM_AT = 72;
const COMM_BYTES = 16;
const ALIGNMENT = 8;
const SNAPLEN_MAX = 4096;
const RECORD_MAX = HEADER_BYTES + SNAPLEN_MAX;

const decoder = new TextDecoder();

function invalid(at: number, why: string): BridgeError {
  return new BridgeError(
    `the kernel's event record at byte ${at} is not one: ${why}; do page and images match?`,
  );
}

/** 64 bits; all our counts and times stay below 2^53 for centuries or not at all. */
function readUint64(view: DataView, offset: number, what: string, at: number): number {
  const value = Number(view.getBigUint64(offset, true));
  if (!Number.isSafeInteger(value)) throw invalid(at, `${what} is ${view.getBigUint64(offset, true)}`);
  return value;
}

function readComm(record: Uint8Array): string {
  const comm = record.subarray(COMM_AT, COMM_AT + COMM_BYTES);
  const end = comm.indexOf(0);
  return decoder.decode(end < 0 ? comm : comm.subarray(0, end));
}

function checkSize(size: number, at: number): void {
  if (size < HEADER_BYTES || size > RECORD_MAX || size % ALIGNMENT !== 0)
    throw invalid(at, `its size is ${size}`);
}

function readPayload(record: Uint8Array, snap: number, at: number): Uint8Array {
  const end = HEADER_BYTES + snap;
  if (Math.ceil(end / ALIGNMENT) * ALIGNMENT !== record.length)
    throw invalid(at, `${snap} bytes of payload in a record of ${record.length}`);
  if (record.subarray(end).some((byte) => byte !== 0)) throw invalid(at, "its padding is not zero");
  return record.slice(HEADER_BYTES, end);
}

/** `record` has its whole size; `at` is where it stands in the stream, for the error. */
function decodeRecord(record: Uint8Array, at: number): KernelEvent {
  const view = new DataView(record.buffer, record.byteOffset, record.length);
  const number = view.getUint16(4, true);
  const type = KERNEL_EVENT_TYPES[number];
  if (type === undefined) throw invalid(at, `its type is ${number}`);
  return {
    type,
    flags: view.getUint16(6, true),
    seq: readUint64(view, 8, "seq", at),
    timeNs: readUint64(view, 16, "time", at),
    link: readUint64(view, 24, "link", at),
    item: readUint64(view, 32, "item", at),
    result: view.getInt32(40, true),
    value: view.getUint32(44, true),
    len: view.getUint32(48, true),
    items: view.getUint32(56, true),
    bytes: view.getUint32(60, true),
    pid: view.getInt32(64, true),
    tgid: view.getInt32(68, true),
    comm: readComm(record),
    payload: readPayload(record, view.getUint32(52, true), at),
  };
}

/** Takes the monitor's bytes however they are cut and gives the events in them. Throws at what is not a record. */
export class EventRecordDecoder {
  #rest: Uint8Array = new Uint8Array();
  /** Bytes decoded so far. */
  #at = 0;
  #lost = 0;

  /** Events the kernel had to drop, by its own overflow records. */
  get lost(): number {
    return this.#lost;
  }

  push(bytes: Uint8Array): KernelEvent[] {
    const all = this.#rest.length === 0 ? bytes : concatenated([this.#rest, bytes]);
    const events: KernelEvent[] = [];
    let from = 0;
    while (all.length - from >= 4) {
      const size = new DataView(all.buffer, all.byteOffset + from).getUint32(0, true);
      checkSize(size, this.#at);
      if (all.length - from < size) break;
      events.push(this.#decode(all.subarray(from, from + size)));
      from += size;
    }
    this.#rest = all.slice(from);
    return events;
  }

  #decode(record: Uint8Array): KernelEvent {
    const event = decodeRecord(record, this.#at);
    this.#at += record.length;
    if (event.type === "overflow") this.#lost += event.value;
    return event;
  }
}
