// SPDX-License-Identifier: MIT
import { AsyncQueue } from "./AsyncQueue.ts";
import { BridgeError, GuestError } from "./BridgeError.ts";
import type { Connection } from "./Connection.ts";
import { errnoName } from "./errno.ts";
import type { LinkCall, LinkIoctl, LinkResult } from "./generated/bridge.ts";
import type { RemoteStream } from "./RemoteStream.ts";
import { Turns } from "./Turns.ts";

/** poll(2)'s bits. */
export const POLL = { in: 0x001, out: 0x004, err: 0x008, hup: 0x010 } as const;

const FIONREAD = 0x541b;
const EIO = 5;
const FIRST_BUFFER = 4096;

export interface CallOptions {
  readonly signal?: AbortSignal;
}

const encoder = new TextEncoder();

/**
 * A link of the guest's kernel, in our hands. Iterating gives its items and waits for more, until the kernel
 * hangs up; `await using` closes it.
 */
export class Link implements AsyncIterable<Uint8Array>, AsyncDisposable {
  readonly path: string;
  /** The agent's descriptor: what tracing tools in the guest call it. */
  readonly fd: number;
  readonly #stream: RemoteStream;
  readonly #calls = new Turns();
  readonly #polls = new Turns();
  readonly #callResults = new AsyncQueue<LinkResult>();
  readonly #pollResults = new AsyncQueue<LinkResult>();

  private constructor(path: string, fd: number, stream: RemoteStream) {
    this.path = path;
    this.fd = fd;
    this.#stream = stream;
    this.#sort();
  }

  static async open(connection: Connection, path: string, options: CallOptions = {}): Promise<Link> {
    const stream = connection.open({ $case: "openLink", value: { path } });
    const patience = connection.patience(options.signal);
    try {
      const answer = await stream.reply(`open a link on ${path}`, patience);
      if (answer?.$case !== "link")
        throw new BridgeError(`open a link on ${path}: the agent answered ${answer?.$case}`);
      return new Link(path, answer.value.fd, stream);
    } catch (error) {
      stream.cancel(error);
      throw error;
    }
  }

  /** One message: the handler in the kernel runs once, before this resolves. Gives its length. */
  write(message: string | Uint8Array, options: CallOptions = {}): Promise<number> {
    const bytes = typeof message === "string" ? encoder.encode(message) : message;
    return this.#calls.take(async () => {
      this.#ask({ $case: "write", value: bytes.length });
      await this.#stream.send(bytes, options.signal);
      return this.#checked(`write of ${bytes.length} bytes`, await this.#callResults.next());
    });
  }

  /** The next item, whole; empty: none waits. Fails with EIO if it is bigger than `size`, and keeps it. */
  read(size = FIRST_BUFFER, options: CallOptions = {}): Promise<Uint8Array> {
    return this.#calls.take(async () => {
      this.#ask({ $case: "read", value: size });
      const length = this.#checked(`read(${size})`, await this.#callResults.next());
      return this.#collect(length, options);
    });
  }

  /** Waits until one of `events` is there, or hang-up; 0: not within `timeoutMs`. */
  poll(events: number, timeoutMs = -1): Promise<number> {
    return this.#polls.take(async () => {
      this.#ask({ $case: "poll", value: { events, timeoutMs } });
      return this.#checked("poll", await this.#pollResults.next());
    });
  }

  /** `argument` is the call's third argument, or what it points to; `buffer` is that memory afterwards. */
  ioctl(command: number, argument: number | Uint8Array = 0): Promise<{ result: number; buffer: Uint8Array }> {
    const value: LinkIoctl = {
      command,
      argument:
        typeof argument === "number"
          ? { $case: "value", value: argument }
          : { $case: "buffer", value: argument },
    };
    return this.#calls.take(async () => {
      this.#ask({ $case: "ioctl", value });
      const answer = await this.#callResults.next();
      const result = this.#checked(`ioctl 0x${command.toString(16)}`, answer);
      return { result, buffer: answer?.buffer ?? new Uint8Array() };
    });
  }

  /** Bytes of the next item, 0: none waits. */
  async nextSize(): Promise<number> {
    const { buffer } = await this.ioctl(FIONREAD, new Uint8Array(4));
    return new DataView(buffer.buffer, buffer.byteOffset).getInt32(0, true);
  }

  /** The next item whatever its size; undefined: none waits. */
  async take(): Promise<Uint8Array | undefined> {
    for (let size = FIRST_BUFFER; ; size = Math.max(size, await this.nextSize())) {
      try {
        const item = await this.read(size);
        return item.length === 0 ? undefined : item;
      } catch (error) {
        if (!(error instanceof GuestError) || error.errno !== EIO) throw error;
      }
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      const item = await this.take();
      if (item) yield item;
      else if ((await this.poll(POLL.in)) & POLL.hup && (await this.nextSize()) === 0) return;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stream.cancel(new BridgeError(`the link on ${this.path} is closed`));
    await Promise.resolve();
  }

  #ask(what: LinkCall["what"]): void {
    this.#stream.ask({ $case: "call", value: { what } });
  }

  /** Polls may be overtaken and overtake: their answers go to another queue. */
  async #sort(): Promise<void> {
    try {
      for (;;) {
        const answer = await this.#stream.reply("a link call", {});
        if (answer?.$case !== "result") throw new BridgeError(`the link on ${this.path} is closed`);
        (answer.value.poll ? this.#pollResults : this.#callResults).push(answer.value);
      }
    } catch (error) {
      this.#callResults.end(error);
      this.#pollResults.end(error);
    }
  }

  #checked(call: string, answer: LinkResult | undefined): number {
    if (!answer) throw new BridgeError(`${call}: the link on ${this.path} is closed`);
    if (answer.result >= 0) return answer.result;
    const why = answer.text ? `: ${answer.text}` : "";
    throw new GuestError(
      -answer.result,
      `${call} on the link of ${this.path}: ${errnoName(-answer.result)}${why}`,
      answer.text,
    );
  }

  async #collect(length: number, options: CallOptions): Promise<Uint8Array> {
    const item = new Uint8Array(length);
    for (let at = 0; at < length; ) {
      const part = await this.#stream.chunk("an item", options);
      if (!part) throw new BridgeError(`the link on ${this.path} was closed in the middle of an item`);
      item.set(part, at);
      at += part.length;
    }
    return item;
  }
}
