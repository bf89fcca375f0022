// SPDX-License-Identifier: MIT
// Every event that arrived, in columns. Ids are kept as doubles: exact below 2^53.

import { KERNEL_EVENT_TYPES, type KernelEvent, type KernelEventType } from "../bridge/KernelEvent.ts";
import { bytes8, doubles, signed32, words16, words32 } from "./Column.ts";

const CODE = new Map<KernelEventType, number>(KERNEL_EVENT_TYPES.map((type, code) => [type, code]));

export class EventLog {
  readonly #type = bytes8();
  readonly #flags = words16();
  readonly #seq = doubles();
  readonly #time = doubles();
  readonly #link = doubles();
  readonly #item = doubles();
  readonly #result = signed32();
  readonly #value = words32();
  readonly #len = words32();
  readonly #items = words32();
  readonly #bytes = words32();
  readonly #pid = signed32();
  readonly #tgid = signed32();
  readonly #comm = words32();
  readonly #payloadEnd = doubles();
  readonly #comms = new Interned();
  readonly #payloads = new Arena();

  get length(): number {
    return this.#type.length;
  }

  push(event: KernelEvent): number {
    this.#type.push(CODE.get(event.type) ?? 0);
    this.#flags.push(event.flags);
    this.#seq.push(event.seq);
    this.#time.push(event.timeNs);
    this.#link.push(event.link);
    this.#item.push(event.item);
    this.#result.push(event.result);
    this.#value.push(event.value);
    this.#len.push(event.len);
    this.#items.push(event.items);
    this.#bytes.push(event.bytes);
    this.#pid.push(event.pid);
    this.#tgid.push(event.tgid);
    this.#comm.push(this.#comms.number(event.comm));
    this.#payloadEnd.push(this.#payloads.append(event.payload));
    return this.length - 1;
  }

  at(row: number): KernelEvent {
    return {
      type: this.type(row),
      flags: this.#flags.at(row),
      seq: this.#seq.at(row),
      timeNs: this.#time.at(row),
      link: this.#link.at(row),
      item: this.#item.at(row),
      result: this.#result.at(row),
      value: this.#value.at(row),
      len: this.#len.at(row),
      items: this.#items.at(row),
      bytes: this.#bytes.at(row),
      pid: this.#pid.at(row),
      tgid: this.#tgid.at(row),
      comm: this.#comms.text(this.#comm.at(row)),
      payload: this.#payload(row),
    };
  }

  type(row: number): KernelEventType {
    return KERNEL_EVENT_TYPES[this.#type.at(row)] ?? "overflow";
  }

  timeNs(row: number): number {
    return this.#time.at(row);
  }

  /** Items queued on the event's link after it. */
  depth(row: number): number {
    return this.#items.at(row);
  }

  #payload(row: number): Uint8Array {
    const start = row === 0 ? 0 : this.#payloadEnd.at(row - 1);
    return this.#payloads.slice(start, this.#payloadEnd.at(row));
  }
}

/** Each different text once; a column then holds its number. */
class Interned {
  readonly #texts: string[] = [];
  readonly #numbers = new Map<string, number>();

  number(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.#texts.length);
    return this.#texts.push(text) - 1;
  }

  text(number: number): string {
    return this.#texts[number] ?? "";
  }
}

/** All payloads behind one another in one block. */
class Arena {
  #data = new Uint8Array(4096);
  #length = 0;

  append(bytes: Uint8Array): number {
    const end = this.#length + bytes.length;
    if (end > this.#data.length) {
      const bigger = new Uint8Array(Math.max(end, this.#data.length * 2));
      bigger.set(this.#data.subarray(0, this.#length));
      this.#data = bigger;
    }
    this.#data.set(bytes, this.#length);
    this.#length = end;
    return end;
  }

  slice(start: number, end: number): Uint8Array {
    return this.#data.slice(start, end);
  }
}
