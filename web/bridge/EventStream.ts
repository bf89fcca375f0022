// SPDX-License-Identifier: MIT
import { BridgeError } from "./BridgeError.ts";
import type { Connection } from "./Connection.ts";
import { EventRecordDecoder } from "./eventRecord.ts";
import type { KernelEvent } from "./KernelEvent.ts";
import type { RemoteStream } from "./RemoteStream.ts";
import type { SavedSession } from "./SavedSession.ts";

export interface EventOptions {
  /** Bytes of each message and item that come with its event. At most 4096. */
  readonly snaplen?: number;
  readonly signal?: AbortSignal;
}

/** What the guest's kernel does with links and processes, in batches, in order. Iterate it once. */
export class EventStream implements AsyncIterable<readonly KernelEvent[]>, AsyncDisposable {
  readonly #stream: RemoteStream;
  readonly #signal: AbortSignal | undefined;
  readonly #decoder = new EventRecordDecoder();

  private constructor(stream: RemoteStream, signal: AbortSignal | undefined) {
    this.#stream = stream;
    this.#signal = signal;
  }

  /** The monitor watches from the moment this resolves on. */
  static async open(connection: Connection, options: EventOptions = {}): Promise<EventStream> {
    const snaplen = options.snaplen ?? 256;
    const stream = connection.open({ $case: "watch", value: { snaplen } });
    try {
      const answer = await stream.reply("open the monitor", connection.patience(options.signal));
      if (answer?.$case !== "link")
        throw new BridgeError(`open the monitor: the agent answered ${answer?.$case}`);
      return new EventStream(stream, options.signal);
    } catch (error) {
      stream.cancel(error);
      throw error;
    }
  }

  /** The monitor that watched when the machine was saved. */
  static resume(connection: Connection, { monitor }: SavedSession, signal?: AbortSignal): EventStream {
    return new EventStream(connection.attach(monitor), signal);
  }

  /** For whoever restores the machine from the state that it has now: just after this was opened, with nothing else. */
  save(connection: Connection): SavedSession {
    return connection.save(this.#stream);
  }

  /** Events that the kernel dropped because nobody took them in time. 0 in a healthy run. */
  get lost(): number {
    return this.#decoder.lost;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly KernelEvent[], void, undefined> {
    try {
      for (;;) {
        const bytes = await this.#stream.chunk("kernel events", { signal: this.#signal });
        if (!bytes) return;
        const events = this.#decoder.push(bytes);
        if (events.length > 0) yield events;
      }
    } finally {
      await this[Symbol.asyncDispose]();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stream.cancel(new BridgeError("the event stream is closed"));
    await Promise.resolve();
  }
}
