// SPDX-License-Identifier: MIT
// For tests only: the events that a kernel with ddlink would report for a written sequence of calls,
// with the semantics of include/uapi/linux/ddlink.h. The product never imports this.

import type { KernelEvent, KernelEventType } from "../bridge/KernelEvent.ts";
import { POLLIN, POLLOUT } from "./Calls.ts";

const NOTHING: Omit<KernelEvent, "type" | "seq" | "timeNs" | "pid" | "tgid" | "comm"> = {
  flags: 0,
  link: 0,
  item: 0,
  result: 0,
  value: 0,
  len: 0,
  items: 0,
  bytes: 0,
  payload: new Uint8Array(),
};

interface ScriptedItem {
  readonly id: number;
  readonly payload: Uint8Array;
  /** Ahead of what was queued, behind what was posted before. */
  readonly posted: boolean;
}

/** One link; the echo component queues what is written, unless `room` items wait. */
interface ScriptedLink {
  readonly id: number;
  readonly queue: ScriptedItem[];
  readonly room: number;
}

const LIMIT_BYTES = 65_536;

export class ScriptedKernel {
  readonly events: KernelEvent[] = [];
  #timeNs = 1e9;
  #nextLink = 1;
  #nextItem = 1;
  readonly #links = new Map<number, ScriptedLink>();
  readonly #comms = new Map<number, string>();

  after(ns: number): this {
    this.#timeNs += ns;
    return this;
  }

  fork(parent: number, child: number, comm = this.#comms.get(parent) ?? "agent"): this {
    this.#comms.set(parent, comm);
    this.#comms.set(child, comm);
    return this.#emit("fork", parent, { value: child });
  }

  exec(pid: number, comm: string): this {
    this.#comms.set(pid, comm);
    return this.#emit("exec", pid, { payload: bytes(`/bin/${comm}`) });
  }

  exit(pid: number, status = 0): this {
    return this.#emit("exit", pid, { result: status });
  }

  open(pid: number, room = 64): number {
    const id = this.#nextLink++;
    this.#links.set(id, { id, queue: [], room });
    this.#emit("create", pid, { link: id, value: room, result: LIMIT_BYTES, payload: bytes("echo") });
    return id;
  }

  write(pid: number, link: number, text: string): this {
    const payload = bytes(text);
    const message = { link, len: payload.length };
    this.#emit("enter", pid, { ...message, payload });
    const { queue, room } = this.#link(link);
    if (queue.length >= room) return this.#emit("write", pid, { ...message, result: -105 });
    this.queue(pid, link, payload);
    return this.#emit("write", pid, { ...message, result: payload.length });
  }

  queue(pid: number, link: number, payload: Uint8Array, type: "queue" | "post" = "queue"): this {
    const item = { id: this.#nextItem++, payload, posted: type === "post" };
    const { queue } = this.#link(link);
    if (type === "queue") queue.push(item);
    else queue.splice(queue.filter(({ posted }) => posted).length, 0, item);
    this.#emit(type, pid, { link, item: item.id, len: payload.length, payload });
    return queue.length === 1 ? this.#emit("wake", pid, { link, value: POLLIN }) : this;
  }

  read(pid: number, link: number, size: number): this {
    const { queue } = this.#link(link);
    const next = queue[0];
    if (next === undefined) return this.#emit("read", pid, { link, result: 0, value: size });
    const { id, payload } = next;
    const item = { link, item: id, len: payload.length, value: size, payload };
    if (payload.length > size) return this.#emit("read", pid, { ...item, result: -5 });
    queue.shift();
    return this.#emit("read", pid, { ...item, result: payload.length });
  }

  /** A read into memory that is not the program's: the item stays. */
  fault(pid: number, link: number): this {
    const next = this.#link(link).queue[0];
    if (next === undefined) return this.read(pid, link, 64);
    return this.#emit("read", pid, { link, item: next.id, len: next.payload.length, value: 64, result: -14 });
  }

  /** An asynchronous item that found the queue full. */
  drop(link: number): this {
    return this.#emit("drop", 0, { link, len: 8, value: 2 });
  }

  poll(pid: number, link: number): this {
    const { queue, room } = this.#link(link);
    const mask = (queue.length > 0 ? POLLIN : 0) | (queue.length < room ? POLLOUT : 0);
    return this.#emit("poll", pid, { link, value: mask });
  }

  hangup(link: number): this {
    return this.#emit("hangup", 0, { link });
  }

  lose(count: number): this {
    return this.#emit("overflow", 0, { value: count });
  }

  close(pid: number, link: number): this {
    const waiting = this.#link(link);
    this.#emit("release", pid, { link });
    this.#links.delete(link);
    waiting.queue.length = 0;
    return this;
  }

  #link(id: number): ScriptedLink {
    const link = this.#links.get(id);
    if (!link) throw new Error(`link ${id} is not open`);
    return link;
  }

  #emit(type: KernelEventType, pid: number, part: Partial<KernelEvent>): this {
    this.#timeNs += 1500;
    const queue = part.link ? (this.#links.get(part.link)?.queue ?? []) : [];
    this.events.push({
      ...NOTHING,
      items: queue.length,
      bytes: queue.reduce((sum, item) => sum + item.payload.length, 0),
      type,
      seq: this.events.length + 1,
      timeNs: this.#timeNs,
      pid,
      tgid: pid,
      comm: this.#comms.get(pid) ?? "",
      ...part,
    });
    return this;
  }
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** What `ddtest hello world` does, with a buffer too small at first. */
export function echoRun(kernel = new ScriptedKernel(), pid = 41): ScriptedKernel {
  kernel.fork(30, pid).after(2e5).exec(pid, "ddtest").after(5e5);
  const link = kernel.open(pid);
  for (const word of ["hello", "world"]) {
    kernel.after(2e4).write(pid, link, word).after(1e4).read(pid, link, 3).after(2e4).read(pid, link, 64);
  }
  kernel.read(pid, link, 64).exit(pid).close(pid, link);
  return kernel;
}

/** What `ddfork` does: the parent writes three items and exits, the child waits, reads two and exits. */
export function forkRun(kernel = new ScriptedKernel(), pid = 50): ScriptedKernel {
  const child = pid + 1;
  kernel.fork(30, pid).exec(pid, "ddfork");
  const link = kernel.open(pid);
  kernel.fork(pid, child).poll(child, link).after(3e4);
  kernel.write(pid, link, "one").poll(child, link).read(child, link, 64);
  kernel.write(pid, link, "two").write(pid, link, "three").exit(pid).after(4e7);
  kernel.poll(child, link).read(child, link, 64).exit(child).close(child, link);
  return kernel;
}

/** Everything that can go wrong on one link of two places, and a post that goes ahead. */
export function troubleRun(kernel = new ScriptedKernel(), pid = 60): ScriptedKernel {
  kernel.fork(30, pid).exec(pid, "trouble");
  const link = kernel.open(pid, 2);
  kernel.poll(pid, link).after(6e6).poll(pid, link);
  kernel.write(pid, link, "first").queue(pid, link, bytes("urgent"), "post").write(pid, link, "too much");
  kernel
    .drop(link)
    .fault(pid, link)
    .read(pid, link, 2)
    .read(pid, link, 64)
    .lose(3)
    .hangup(link)
    .read(pid, link, 64);
  return kernel.exit(pid, 9).close(pid, link);
}
