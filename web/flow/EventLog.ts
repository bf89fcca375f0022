// SPDX-License-Identifier: MIT
// Every event that arrived, in columns, and each field of each row to be had without making an object.
// Ids are kept as doubles: exact below 2^53. The columns are cut into pages, so that a log grows without being copied,
// and each has a name in its page: one store of one kind each, which engines make fast.

import { KERNEL_EVENT_TYPES, type KernelEvent, type KernelEventType } from "../bridge/KernelEvent.ts";
import { Arena } from "./Arena.ts";

const CODE = new Map<KernelEventType, number>(KERNEL_EVENT_TYPES.map((type, code) => [type, code]));

const PAGE_BITS = 14;
const PAGE_ROWS = 1 << PAGE_BITS;
const PAGE_MASK = PAGE_ROWS - 1;

class Page {
  readonly type = new Uint8Array(PAGE_ROWS);
  readonly flags = new Uint16Array(PAGE_ROWS);
  readonly seq = new Float64Array(PAGE_ROWS);
  readonly timeNs = new Float64Array(PAGE_ROWS);
  readonly link = new Float64Array(PAGE_ROWS);
  readonly item = new Float64Array(PAGE_ROWS);
  readonly result = new Int32Array(PAGE_ROWS);
  readonly value = new Uint32Array(PAGE_ROWS);
  readonly len = new Uint32Array(PAGE_ROWS);
  readonly items = new Uint32Array(PAGE_ROWS);
  readonly bytes = new Uint32Array(PAGE_ROWS);
  readonly pid = new Int32Array(PAGE_ROWS);
  readonly tgid = new Int32Array(PAGE_ROWS);
  readonly comm = new Uint32Array(PAGE_ROWS);
  readonly payloadAt = new Uint32Array(PAGE_ROWS);
  readonly payloadLength = new Uint16Array(PAGE_ROWS);

  get byteLength(): number {
    return Object.values(this).reduce((sum, column: ArrayBufferView) => sum + column.byteLength, 0);
  }
}

/** What readers of a log see. */
export type Events = Omit<EventLog, "push">;

export class EventLog {
  readonly #pages: Page[] = [];
  readonly #comms = new Interned();
  readonly #payloads = new Arena();
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Memory that it holds. */
  get byteLength(): number {
    return this.#pages.reduce((sum, { byteLength }) => sum + byteLength, this.#payloads.byteLength);
  }

  push(event: KernelEvent): number {
    const row = this.#length;
    const at = row & PAGE_MASK;
    if (at === 0) this.#pages.push(new Page());
    this.#length++;
    const page = this.#page(row);
    page.type[at] = CODE.get(event.type) ?? 0;
    page.flags[at] = event.flags;
    page.seq[at] = event.seq;
    page.timeNs[at] = event.timeNs;
    page.link[at] = event.link;
    page.item[at] = event.item;
    page.result[at] = event.result;
    page.value[at] = event.value;
    page.len[at] = event.len;
    page.items[at] = event.items;
    page.bytes[at] = event.bytes;
    page.pid[at] = event.pid;
    page.tgid[at] = event.tgid;
    page.comm[at] = this.#comms.number(event.comm);
    page.payloadAt[at] = this.#payloads.append(event.payload);
    page.payloadLength[at] = event.payload.length;
    return row;
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
    return KERNEL_EVENT_TYPES[this.#page(row).type[row & PAGE_MASK] ?? 0] ?? "overflow";
  }
  flags(row: number): number {
    return this.#page(row).flags[row & PAGE_MASK] ?? 0;
  }
  seq(row: number): number {
    return this.#page(row).seq[row & PAGE_MASK] ?? 0;
  }
  timeNs(row: number): number {
    return this.#page(row).timeNs[row & PAGE_MASK] ?? 0;
  }
  /** Id of the link, 0 for process events. */
  link(row: number): number {
    return this.#page(row).link[row & PAGE_MASK] ?? 0;
  }
  /** Id of the item, 0 where there is none. */
  item(row: number): number {
    return this.#page(row).item[row & PAGE_MASK] ?? 0;
  }
  result(row: number): number {
    return this.#page(row).result[row & PAGE_MASK] ?? 0;
  }
  value(row: number): number {
    return this.#page(row).value[row & PAGE_MASK] ?? 0;
  }
  len(row: number): number {
    return this.#page(row).len[row & PAGE_MASK] ?? 0;
  }
  /** Items queued on the event's link after it. */
  items(row: number): number {
    return this.#page(row).items[row & PAGE_MASK] ?? 0;
  }
  /** Payload bytes queued on the event's link after it. */
  bytes(row: number): number {
    return this.#page(row).bytes[row & PAGE_MASK] ?? 0;
  }
  pid(row: number): number {
    return this.#page(row).pid[row & PAGE_MASK] ?? 0;
  }
  tgid(row: number): number {
    return this.#page(row).tgid[row & PAGE_MASK] ?? 0;
  }
  comm(row: number): string {
    return this.#comms.text(this.#page(row).comm[row & PAGE_MASK] ?? 0);
  }
  /** A view of the log's own memory: look at it, do not keep it. */
  payload(row: number): Uint8Array {
    const page = this.#page(row);
    const at = row & PAGE_MASK;
    return this.#payloads.view(page.payloadAt[at] ?? 0, page.payloadLength[at] ?? 0);
  }

  #page(row: number): Page {
    const page = row < this.#length ? this.#pages[row >>> PAGE_BITS] : undefined;
    if (page === undefined) throw new RangeError(`there is no event ${row} among ${this.#length}`);
    return page;
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
