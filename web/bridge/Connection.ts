// SPDX-License-Identifier: MIT
import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { ByteChannel } from "../base/ByteChannel.ts";
import { BridgeError, SessionLostError } from "./BridgeError.ts";
import { type AgentInfo, type ConnectionState, type LineCounts, MAJOR } from "./ConnectionState.ts";
import type { Patience } from "./deadline.ts";
import { decode } from "./decode.ts";
import { BODY_MAX, BODY_MIN, encodeFrame, FRAME, type Frame } from "./Frame.ts";
import { FrameDecoder } from "./FrameDecoder.ts";
import { FrameWriter } from "./FrameWriter.ts";
import { Hello, Ping, Pong } from "./generated/bridge.ts";
import { Heartbeat } from "./Heartbeat.ts";
import { type Question, RemoteStream, type StreamSession } from "./RemoteStream.ts";
import type { SavedSession } from "./SavedSession.ts";

const MAGIC = 0x6b6c6464; // "ddlk"
const MINOR = 0;
/** DATA bytes that the guest may send on a stream before this side has consumed any. */
const WINDOW = 256 * 1024;
const EPOCHS = 0xffff;
const STREAMS = 0xffff;
const UINT16 = 0x10000;

export interface ConnectionOptions {
  /** Waits for the agent's own HELLO before the first SYNC: for a machine that is about to boot. */
  readonly awaitHello?: boolean;
  /** Between two SYNCs without an answer. */
  readonly syncMs?: number;
  /** How long the guest may be silent while an answer is due. */
  readonly deadlineMs?: number;
  /** How long it may be silent before it is asked whether it is there. 0: never ask. */
  readonly heartbeatMs?: number;
  /** False while the machine stands still: its silence means nothing then. */
  readonly running?: () => boolean;
  /** A number from 1 to 2^32 - 1 for each SYNC. Random if not given. */
  readonly nonce?: () => number;
}

function randomNonce(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] || 1;
}

/** One agent behind one channel: sessions one after the other, and streams in each. */
export class Connection implements StreamSession {
  readonly #options: Required<ConnectionOptions>;
  readonly #state = signal<ConnectionState>({ kind: "connecting" });
  readonly #decoder = new FrameDecoder();
  readonly #writer: FrameWriter;
  readonly #heartbeat: Heartbeat;
  readonly #unsubscribe: () => void;
  readonly #streams = new Map<number, RemoteStream>();
  #syncTimer: ReturnType<typeof setInterval> | undefined;
  #silentMs = 0;
  #nonce = 0;
  #epoch: number;
  #nextOut = 0;
  #nextIn = 0;
  #lastStream = 0;
  #maxBody = BODY_MIN;
  #theirWindow = 0;
  #gaps = 0;
  #stale = 0;
  #sessions = 0;

  /** `session`: of a restored machine, to go on with. A new one would take a round trip, and end all that was open. */
  constructor(channel: ByteChannel, options: ConnectionOptions = {}, session?: SavedSession) {
    this.#options = {
      awaitHello: false,
      syncMs: 1000,
      deadlineMs: 10_000,
      heartbeatMs: 2000,
      running: () => true,
      nonce: randomNonce,
      ...options,
    };
    this.#epoch = this.#options.nonce() % EPOCHS;
    this.#writer = new FrameWriter(channel, (error) => this.close(`the channel is closed: ${error}`));
    this.#heartbeat = new Heartbeat({
      intervalMs: this.#options.heartbeatMs,
      deadlineMs: this.#options.deadlineMs,
      running: this.#options.running,
      ask: () => this.#ping(),
      dead: () => this.#restart(`the agent has not answered for ${this.#options.deadlineMs / 1000} s`),
    });
    this.#unsubscribe = channel.subscribe((bytes) => this.#take(bytes));
    if (session) this.#goOn(session);
    else if (!this.#options.awaitHello) this.#sync();
  }

  get state(): ReadonlySignal<ConnectionState> {
    return this.#state;
  }

  get counts(): LineCounts {
    return { ...this.#decoder.counts, gaps: this.#gaps, stale: this.#stale, sessions: this.#sessions };
  }

  /** For an answer of the agent. */
  patience(signal?: AbortSignal): Patience {
    const { deadlineMs: ms, running } = this.#options;
    return { ms, running, signal };
  }

  get maxBody(): number {
    return this.#maxBody;
  }

  get window(): StreamSession["window"] {
    return { ours: WINDOW, theirs: this.#theirWindow };
  }

  /** A stream that begins with a request. */
  open(what: Question): RemoteStream {
    const stream = this.attach();
    try {
      stream.ask(what);
      return stream;
    } catch (error) {
      this.release(stream);
      throw error;
    }
  }

  /** A stream that another one's request will name; or one that was open when the machine was saved. */
  attach(number = this.#freeNumber()): RemoteStream {
    const state = this.#state.peek();
    if (state.kind !== "connected") throw new SessionLostError(unusable(state));
    const stream = new RemoteStream(number, this);
    this.#streams.set(stream.id, stream);
    this.#heartbeat.expect(true);
    return stream;
  }

  send(type: number, flags: number, stream: number, body: Uint8Array): void {
    const sequence = this.#nextOut;
    this.#nextOut = (sequence + 1) % UINT16;
    this.#writer.send(encodeFrame({ type, flags, stream, body, sequence, epoch: this.#epoch }));
  }

  drained(): Promise<void> {
    return this.#writer.drained();
  }

  release(stream: RemoteStream): void {
    if (this.#streams.get(stream.id) === stream) this.#streams.delete(stream.id);
    this.#heartbeat.expect(this.#streams.size > 0);
  }

  /** Ends the session and begins a new one. The agent kills what the old one started. */
  restart(reason: string): void {
    this.#restart(reason);
  }

  /**
   * The session, for whoever restores the machine from the state that it has now. Nothing may be under way, either way:
   * `monitor` must be the only stream, and nothing have come on it.
   */
  save(monitor: RemoteStream): SavedSession {
    const state = this.#state.peek();
    if (state.kind !== "connected") throw new SessionLostError(unusable(state));
    const why = this.#unsaved(monitor);
    if (why)
      throw new BridgeError(
        `the session cannot be saved: ${why}; open the monitor, and nothing else, just before`,
      );
    return {
      epoch: this.#epoch,
      nextOut: this.#nextOut,
      nextIn: this.#nextIn,
      maxBody: this.#maxBody,
      window: this.#theirWindow,
      agent: state.agent,
      monitor: monitor.id,
    };
  }

  #unsaved(monitor: RemoteStream): string | null {
    if (this.#streams.get(monitor.id) !== monitor) return "the monitor is closed";
    if (this.#streams.size > 1) return `${this.#streams.size} streams are open`;
    if (monitor.heard) return "events have come already";
    return this.#writer.idle ? null : "frames to the guest are under way";
  }

  close(reason: string): void {
    if (this.#state.peek().kind === "closed") return;
    clearInterval(this.#syncTimer);
    this.#unsubscribe();
    this.#state.value = { kind: "closed", reason };
    this.#failStreams(reason);
    this.#writer.close();
  }

  #freeNumber(): number {
    do this.#lastStream = (this.#lastStream % STREAMS) + 1;
    while (this.#streams.has(this.#lastStream));
    return this.#lastStream;
  }

  #failStreams(reason: string): void {
    const error = new SessionLostError(`${reason}; what ran in that session is over`);
    for (const stream of [...this.#streams.values()]) stream.fail(error);
  }

  // Sessions

  /** The monitor's stream keeps its number: new ones come after it. */
  #goOn({ epoch, nextOut, nextIn, maxBody, window, agent, monitor }: SavedSession): void {
    this.#epoch = epoch;
    this.#nextOut = nextOut;
    this.#nextIn = nextIn;
    this.#maxBody = maxBody;
    this.#theirWindow = window;
    this.#lastStream = monitor;
    this.#sessions++;
    this.#state.value = { kind: "connected", agent };
  }

  #restart(reason: string): void {
    if (this.#state.peek().kind === "closed") return;
    this.#state.value = { kind: "connecting", reason };
    this.#failStreams(reason);
    this.#silentMs = 0;
    this.#sync();
  }

  /** Sends SYNC now and again until its answer: everything else is ignored until then. */
  #sync(): void {
    clearInterval(this.#syncTimer);
    this.#syncTimer = setInterval(() => this.#syncAgain(), this.#options.syncMs);
    this.#writer.clear();
    this.#epoch = (this.#epoch % EPOCHS) + 1;
    this.#nonce = this.#options.nonce();
    this.#nextOut = 0;
    const body = Hello.encode(ourHello(this.#epoch, this.#nonce)).finish();
    this.send(FRAME.sync, 0, 0, body);
  }

  #syncAgain(): void {
    const { syncMs, deadlineMs, running } = this.#options;
    if (!running()) return;
    this.#silentMs += syncMs;
    const state = this.#state.peek();
    if (state.kind === "connecting" && this.#silentMs >= deadlineMs) {
      const before = state.reason ? `${state.reason}, and since then ` : "";
      this.#state.value = { kind: "lost", reason: `${before}no agent answers on the line` };
    }
    this.#sync();
  }

  #takeHello(frame: Frame): void {
    const hello = parseHello(frame.body);
    if (!hello || hello.magic !== MAGIC) return;
    if (hello.nonce === 0) this.#agentStarted(hello);
    else if (hello.nonce === this.#nonce && this.#state.peek().kind !== "connected")
      this.#begin(hello, frame);
  }

  #agentStarted(hello: Hello): void {
    if (this.#state.peek().kind === "connected")
      this.#restart(`the agent in the guest ended and was started anew (process ${hello.pid})`);
    else this.#sync();
  }

  #begin(hello: Hello, frame: Frame): void {
    clearInterval(this.#syncTimer);
    this.#syncTimer = undefined;
    if (hello.major !== MAJOR) {
      this.close(
        `the guest's agent (${hello.build}) speaks protocol ${hello.major}.${hello.minor} and this page ` +
          `${MAJOR}.${MINOR}: build the images and the page from the same version`,
      );
      return;
    }
    this.#nextIn = (frame.sequence + 1) % UINT16;
    this.#maxBody = Math.min(BODY_MAX, Math.max(BODY_MIN, hello.maxBody));
    this.#theirWindow = hello.window;
    this.#silentMs = 0;
    this.#sessions++;
    this.#state.value = { kind: "connected", agent: agentInfo(hello) };
  }

  // Frames

  #take(bytes: Uint8Array): void {
    this.#heartbeat.heard();
    for (const frame of this.#decoder.push(bytes)) {
      if (frame.type === FRAME.hello) this.#takeHello(frame);
      else if (this.#inSequence(frame)) this.#dispatch(frame);
    }
  }

  #inSequence(frame: Frame): boolean {
    const missing = (frame.sequence - this.#nextIn + UINT16) % UINT16;
    if (this.#state.peek().kind !== "connected" || frame.epoch !== this.#epoch || missing >= UINT16 / 2) {
      this.#stale++;
      return false;
    }
    this.#nextIn = (frame.sequence + 1) % UINT16;
    if (missing === 0) return true;
    this.#gaps += missing;
    this.#restart(`${missing} frames from the guest were lost on the line`);
    return false;
  }

  #dispatch(frame: Frame): void {
    const stream = this.#streams.get(frame.stream);
    try {
      if (frame.type === FRAME.pong) this.#takePong(frame);
      else stream?.take(frame);
    } catch (error) {
      this.#restart(
        `a frame from the guest made no sense (type ${frame.type}, stream ${frame.stream}): ${error}`,
      );
    }
  }

  #ping(): void {
    const ping = Ping.encode({ token: this.#options.nonce() });
    this.send(FRAME.ping, 0, 0, ping.finish());
  }

  /** Unasked, it says that frames from here did not arrive. */
  #takePong(frame: Frame): void {
    const pong = decode(Pong, frame.body);
    if (pong.token === 0)
      this.#restart(`frames to the guest were lost on the line (${pong.line?.gaps ?? 0} so far)`);
  }
}

function ourHello(epoch: number, nonce: number): Hello {
  return {
    magic: MAGIC,
    major: MAJOR,
    minor: MINOR,
    build: "ddlab",
    capabilities: 0,
    maxBody: BODY_MAX,
    window: WINDOW,
    bootId: "",
    epoch,
    nonce,
    pid: 0,
    limits: undefined,
  };
}

function parseHello(body: Uint8Array): Hello | undefined {
  try {
    return decode(Hello, body);
  } catch {
    return undefined; // not for us, whatever it is
  }
}

function agentInfo(hello: Hello): AgentInfo {
  const { build, bootId, pid, capabilities } = hello;
  const { streams = 0, children = 0, strings = 0, message = 0 } = hello.limits ?? {};
  const limits = { streams, children, strings, message };
  return { protocol: `${hello.major}.${hello.minor}`, build, bootId, pid, capabilities, limits };
}

function unusable(state: ConnectionState): string {
  if (state.kind === "closed") return `the connection to the guest is closed: ${state.reason}`;
  if (state.kind === "lost") return `the guest does not answer: ${state.reason}`;
  return "the guest is not connected yet: wait until its state is connected";
}

/** When the connection is usable; rejects when it never will be. */
export function connected(connection: Connection): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = connection.state.subscribe((state) => {
      if (state.kind === "connected") resolve();
      else if (state.kind === "closed") reject(new BridgeError(state.reason));
      else return;
      queueMicrotask(() => stop());
    });
  });
}
