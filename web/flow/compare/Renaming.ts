// SPDX-License-Identifier: MIT
// Two runs of the same thing have other pids and link ids. Each is named here by when it first appeared.

import type { KernelEvent } from "../../bridge/KernelEvent.ts";

/** Item ids are the link's id in the high word and a count in the low one. */
const ITEM_COUNTS = 2 ** 32;

/** An event without what every run has its own of: ids, times and numbers of events. */
export interface Anonymous {
  readonly what: string;
  readonly process: string;
  readonly thread: string;
  readonly name: string;
  readonly link: string;
  readonly item: string;
  readonly result: number;
  readonly value: number | string;
  readonly length: number;
  readonly flags: number;
  readonly "items queued": number;
  readonly "bytes queued": number;
  readonly payload: string;
}

export class Renaming {
  readonly #tasks = new Map<number, string>();
  readonly #links = new Map<number, string>();

  anonymous(event: KernelEvent): Anonymous {
    const { type, flags, link, item, result, value, len, items, bytes, pid, tgid, comm, payload } = event;
    const process = named(this.#tasks, "process", tgid);
    return {
      what: type,
      process,
      thread: named(this.#tasks, "process", pid),
      name: comm,
      link: named(this.#links, "link", link),
      item: item === 0 ? "" : `item ${item % ITEM_COUNTS}`,
      result,
      value: type === "fork" ? named(this.#tasks, "process", value) : value,
      length: len,
      flags,
      "items queued": items,
      "bytes queued": bytes,
      payload: String.fromCharCode(...payload),
    };
  }
}

/** "link 2" for the second link that appears; "" for none. */
function named(names: Map<number, string>, noun: string, id: number): string {
  if (id === 0) return "";
  const known = names.get(id);
  if (known !== undefined) return known;
  const name = `${noun} ${names.size + 1}`;
  names.set(id, name);
  return name;
}
