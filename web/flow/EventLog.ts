// SPDX-License-Identifier: MIT
// Every event that arrived, in columns, and each field of each row to be had without making an object.
// Ids are kept as doubles: exact below 2^53.

import { KERNEL_EVENT_TYPES, type KernelEvent, type KernelEventType } from "../bridge/KernelEvent.ts";
import { Arena } from "./Arena.ts";
import { bytes8, doubles, signed32, words16, words32 } from "./Column.ts";

const CODE = new Map<KernelEventType, number>(KERNEL_EVENT_TYPES.map((type, code) => [type, code]));

/** What readers of a log see. */
export type Events = Omit<EventLog, "push">;

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
  readonly #payloadAt = words32();
  readonly #payloadLength = words16();
  readonly #comms = new Interned();
  readonly #payloads = new Arena();

  get length(): number {
    return this.#type.length;
  }

  /** Memory that it holds. */
  get byteLength(): number {
    const columns = [
      ...[this.#type, this.#flags, this.#seq, this.#time, this.#link, this.#item, this.#result, this.#value],
      ...[this.#len, this.#items, this.#bytes, this.#pid, this.#tgid, this.#comm],
      ...[this.#payloadAt, this.#payloadLength],
    ];
    return columns.reduce((sum, { byteLength }) => sum + byteLength, this.#payloads.byteLength);
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
    this.#payloadAt.push(this.#payloads.append(event.payload));
    this.#payloadLength.push(event.payload.length);
    return this.length - 1;
  }

  at(row: number): KernelEvent {
    return {
      type: this.type(row),
      flags: this.flags(row),
      seq: this.seq(row),
      timeNs: this.timeNs(row),
      link: this.link(row),
      item: this.item(row),
      result: this.result(row),
      value: this.value(row),
      len: this.len(row),
      items: this.items(row),
      bytes: this.bytes(row),
      pid: this.pid(row),
      tgid: this.tgid(row),
      comm: this.comm(row),
      payload: this.payload(row).slice(),
    };
  }

  type(row: number): KernelEventType {
    return KERNEL_EVENT_TYPES[this.#type.at(row)] ?? "overflow";
  }
  flags(row: number): number {
    return this.#flags.at(row);
  }
  seq(row: number): number {
    return this.#seq.at(row);
  }
  timeNs(row: number): number {
    return this.#time.at(row);
  }
  /** Id of the link, 0 for process events. */
  link(row: number): number {
    return this.#link.at(row);
  }
  /** Id of the item, 0 where there is none. */
  item(row: number): number {
    return this.#item.at(row);
  }
  result(row: number): number {
    return this.#result.at(row);
  }
  value(row: number): number {
    return this.#value.at(row);
  }
  len(row: number): number {
    return this.#len.at(row);
  }
  /** Items queued on the event's link after it. */
  items(row: number): number {
    return this.#items.at(row);
  }
  /** Payload bytes queued on the event's link after it. */
  bytes(row: number): number {
    return this.#bytes.at(row);
  }
  pid(row: number): number {
    return this.#pid.at(row);
  }
  tgid(row: number): number {
    return this.#tgid.at(row);
  }
  comm(row: number): string {
    return this.#comms.text(this.#comm.at(row));
  }
  /** A view of the log's own memory: look at it, do not keep it. */
  payload(row: number): Uint8Array {
    return this.#payloads.view(this.#payloadAt.at(row), this.#payloadLength.at(row));
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
