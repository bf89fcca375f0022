// SPDX-License-Identifier: MIT
import { AsyncQueue } from "./AsyncQueue.ts";
import { BridgeError, GuestError } from "./BridgeError.ts";
import { type Patience, within } from "./deadline.ts";
import { decode } from "./decode.ts";
import { ERR, FIN, FRAME, type Frame } from "./Frame.ts";
import { Credit, Error as ErrorMessage, Reply, Request } from "./generated/bridge.ts";

export type Question = NonNullable<Request["what"]>;
export type Answer = NonNullable<Reply["what"]>;

/** What a stream needs of its session. */
export interface StreamSession {
  readonly maxBody: number;
  /** DATA bytes that each side takes on a new stream. */
  readonly window: { readonly ours: number; readonly theirs: number };
  send(type: number, flags: number, stream: number, body: Uint8Array): void;
  drained(): Promise<void>;
  /** The stream is over: its number is free. */
  release(stream: RemoteStream): void;
}

/** One request and what comes of it: replies, and DATA both ways under credit. */
export class RemoteStream {
  readonly id: number;
  readonly #session: StreamSession;
  readonly #replies = new AsyncQueue<Reply>();
  readonly #data = new AsyncQueue<Uint8Array>();
  #credit: number;
  #creditCame = (): void => {};
  /** Bytes consumed here that the guest has no credit for yet. */
  #consumed = 0;
  #wanted = true;
  #refused = false;
  #error: unknown;
  #over = false;
  #heard = false;

  constructor(id: number, session: StreamSession) {
    this.id = id;
    this.#session = session;
    this.#credit = session.window.theirs;
  }

  get over(): boolean {
    return this.#over;
  }

  /** DATA has come. */
  get heard(): boolean {
    return this.#heard;
  }

  ask(what: Question): void {
    const body = Request.encode({ what }).finish();
    const { maxBody } = this.#session;
    if (body.length > maxBody)
      throw new BridgeError(
        `the request "${what.$case}" has ${body.length} bytes: at most ${maxBody} fit a frame`,
      );
    if (this.#over)
      throw this.#error ?? new BridgeError(`"${what.$case}" comes too late: the stream is over`);
    this.#session.send(FRAME.request, 0, this.id, body);
  }

  /** The next reply; undefined: the stream is over, or this side does not know such a reply. */
  async reply(what: string, patience: Patience): Promise<Answer | undefined> {
    return (await within(this.#replies.next(), what, patience))?.what;
  }

  /** Sends all of `bytes` as credit comes; rejects if the guest wants no more. */
  async send(bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const room = Math.min(this.#credit, this.#session.maxBody);
      this.#throwIfOver();
      if (room === 0) {
        const came = new Promise<void>((resolve) => {
          this.#creditCame = resolve;
        });
        await within(came, "credit", { signal });
        continue;
      }
      const part = bytes.subarray(at, at + room);
      this.#credit -= part.length;
      at += part.length;
      this.#session.send(FRAME.data, 0, this.id, part);
    }
    await within(this.#session.drained(), "the line", { signal });
  }

  /** No more DATA from here. */
  end(): void {
    if (!this.#over && !this.#refused) this.#session.send(FRAME.data, FIN, this.id, new Uint8Array());
  }

  /** DATA of the guest. Whoever leaves the loop early tells the guest that no more is wanted. */
  async *chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (;;) {
        const chunk = await this.#data.next();
        if (!chunk) return;
        yield chunk;
        this.#grant(chunk.length);
      }
    } finally {
      this.abandon();
    }
  }

  /** The next part of the guest's DATA; undefined: it has ended. */
  async chunk(what: string, patience: Patience): Promise<Uint8Array | undefined> {
    const chunk = await within(this.#data.next(), what, patience);
    this.#grant(chunk?.length ?? 0);
    return chunk;
  }

  /** The guest's DATA is not wanted any more. */
  abandon(): void {
    if (!this.#wanted || this.#data.ended || this.#over) return;
    this.#wanted = false;
    this.#data.clear();
    this.#session.send(FRAME.credit, FIN, this.id, new Uint8Array());
  }

  /** Gives the whole stream up; `reason` is what whoever waits on it gets. */
  cancel(reason: unknown): void {
    if (this.#over) return;
    this.#session.send(FRAME.cancel, 0, this.id, new Uint8Array());
    this.fail(reason);
  }

  /** Ends everything with an error. */
  fail(error: unknown): void {
    this.#over = true;
    this.#error ??= error;
    this.#replies.end(error);
    this.#data.end(error);
    this.#creditCame();
    this.#session.release(this);
  }

  take(frame: Frame): void {
    if (frame.type === FRAME.data) this.#takeData(frame);
    else if (frame.type === FRAME.reply) this.#takeReply(frame);
    else if (frame.type === FRAME.credit) this.#takeCredit(frame);
  }

  #takeData(frame: Frame): void {
    this.#heard = true;
    if (this.#wanted && frame.body.length > 0) this.#data.push(frame.body);
    if (frame.flags & FIN) this.#data.end();
  }

  #takeReply(frame: Frame): void {
    if (frame.flags & ERR) {
      const { number, text } = decode(ErrorMessage, frame.body);
      this.fail(new GuestError(number, text));
      return;
    }
    this.#replies.push(decode(Reply, frame.body));
    if (frame.flags & FIN) this.finish();
  }

  /** Over, and nothing went wrong. */
  finish(): void {
    this.#over = true;
    this.#replies.end();
    this.#data.end();
    this.#creditCame();
    this.#session.release(this);
  }

  #takeCredit(frame: Frame): void {
    if (frame.flags & FIN) this.#refused = true;
    else this.#credit += decode(Credit, frame.body).bytes;
    this.#creditCame();
  }

  #grant(bytes: number): void {
    this.#consumed += bytes;
    if (this.#consumed < this.#session.window.ours / 2 || this.#data.ended || this.#over) return;
    const credit = Credit.encode({ bytes: this.#consumed });
    this.#consumed = 0;
    this.#session.send(FRAME.credit, 0, this.id, credit.finish());
  }

  #throwIfOver(): void {
    if (this.#error !== undefined) throw this.#error;
    if (this.#over || this.#refused)
      throw new BridgeError("the guest takes no more data here: its reader has closed");
  }
}
