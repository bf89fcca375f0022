// SPDX-License-Identifier: MIT
/** Opens a machine in a worker of this page: the same interface, the work elsewhere. */
import { type Remote, transfer, wrap } from "comlink";
import type { ByteChannel } from "../base/ByteChannel.ts";
import type {
  Asset,
  CheckpointOptions,
  Fingerprint,
  InputLog,
  Machine,
  MachineStart,
  MachineState,
  MachineStats,
  OpenOptions,
  Pace,
  PortName,
} from "./Machine.ts";
import { loadEngine, startWorker } from "./startWorker.ts";
import type { SentAsset, SentStart, WorkerEvent, WorkerMachine } from "./WorkerMachine.ts";

/** A machine on its way: what it is asked for meanwhile is done as soon as it is open, without another round trip. */
export interface Opening {
  readonly machine: Machine;
  /** Rejects when it cannot be opened; the machine is of no use then. */
  readonly opened: Promise<void>;
}

/** `worker`: one that was started earlier; it is the machine's own from here on. */
export function beginMachine(
  start: MachineStart,
  options: OpenOptions = {},
  worker = startWorker(),
): Opening {
  const machine = new RemoteMachine(worker);
  const opened = machine.open(start, options).catch(async (error: unknown) => {
    await machine[Symbol.asyncDispose]();
    throw error;
  });
  return { machine, opened };
}

export async function openMachine(
  start: MachineStart,
  options: OpenOptions = {},
  worker = startWorker(),
): Promise<Machine> {
  const { machine, opened } = beginMachine(start, options, worker);
  await opened;
  return machine;
}

/** Runs a log again in a worker of its own and returns what the machine is like at its end. */
export async function replayFingerprint(start: MachineStart, replay: InputLog): Promise<Fingerprint> {
  const machine = await openMachine({ ...start, replay });
  try {
    return await machine.fingerprint();
  } finally {
    await machine[Symbol.asyncDispose]();
  }
}

/**
 * A start as it can be sent. The worker's script lies elsewhere, so addresses relative to the page would mean
 * something else there; and a promise stays here: its bytes follow through a port.
 */
function sendable(start: MachineStart): { readonly start: SentStart; readonly moved: Transferable[] } {
  const moved: Transferable[] = [];
  const send = (asset: Asset): SentAsset => {
    if ("url" in asset) return { ...asset, url: new URL(asset.url, document.baseURI).href };
    if ("data" in asset) return asset;
    const port = follow(asset.coming, ({ buffer }) => [buffer]);
    moved.push(port);
    return { ...asset, coming: port };
  };
  const sent: SentStart = {
    ...start,
    kernel: start.kernel && send(start.kernel),
    volume: start.volume && send(start.volume),
    checkpoint: start.checkpoint && send(start.checkpoint),
  };
  return { start: sent, moved };
}

/** The port's other end gets what comes, or why it does not. */
function follow<T extends object>(
  coming: Promise<T>,
  moved: (thing: T) => Transferable[] = () => [],
): MessagePort {
  const { port1, port2 } = new MessageChannel();
  coming.then(
    (thing) => port1.postMessage(thing, moved(thing)),
    (error: unknown) => port1.postMessage(error instanceof Error ? error.message : String(error)),
  );
  return port2;
}

class RemotePort implements ByteChannel {
  readonly #listeners = new Set<(bytes: Uint8Array) => void>();
  readonly #send: (bytes: Uint8Array, signal: AbortSignal | undefined) => Promise<void>;

  constructor(send: (bytes: Uint8Array, signal: AbortSignal | undefined) => Promise<void>) {
    this.#send = send;
  }

  write(bytes: Uint8Array, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
    return this.#send(bytes, signal);
  }

  subscribe(listener: (bytes: Uint8Array) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  deliver(bytes: Uint8Array): void {
    for (const listener of this.#listeners) listener(bytes);
  }
}

class RemoteMachine implements Machine {
  readonly console = new RemotePort((bytes, signal) => this.#write("console", bytes, signal));
  readonly bridge = new RemotePort((bytes, signal) => this.#write("bridge", bytes, signal));
  readonly #worker: Worker;
  readonly #remote: Remote<WorkerMachine>;
  readonly #events = new MessageChannel();
  readonly #listeners = new Set<(state: MachineState) => void>();
  #state: MachineState = { kind: "paused" };
  #calls = 0;
  /** How to fail the calls that wait for an answer: a lost worker gives none. */
  readonly #waiting = new Set<(why: Error) => void>();
  #lost: Error | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    this.#remote = wrap<WorkerMachine>(worker);
    worker.onerror = (event) => this.#fail(event.message || "its script could not be loaded");
  }

  get state(): MachineState {
    return this.#state;
  }

  subscribe(listener: (state: MachineState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async open(start: MachineStart, { onProgress, signal }: OpenOptions): Promise<void> {
    if (typeof WebAssembly !== "object")
      throw new Error(
        "This browser has no WebAssembly, which the emulated PC needs; please use a current browser.",
      );
    this.#events.port1.onmessage = ({ data }: MessageEvent<WorkerEvent>) => {
      if (data.kind === "output") this[data.port].deliver(data.bytes);
      else if (data.kind === "state") this.#become(data.state);
      else onProgress?.(data.progress);
    };
    const port = this.#events.port2;
    const sent = sendable(start);
    const engine = follow(loadEngine());
    await this.#abortable(signal, (call) =>
      this.#remote.open(
        call,
        transfer(sent.start, sent.moved),
        transfer(engine, [engine]),
        transfer(port, [port]),
      ),
    );
  }

  run(options: { pace?: Pace } = {}): Promise<void> {
    return this.#call(this.#remote.run(options));
  }
  pause(): Promise<void> {
    return this.#call(this.#remote.pause());
  }
  setPace(pace: Pace): Promise<void> {
    return this.#call(this.#remote.setPace(pace));
  }
  stats(): Promise<MachineStats> {
    return this.#call(this.#remote.stats());
  }
  fingerprint(): Promise<Fingerprint> {
    return this.#call(this.#remote.fingerprint());
  }
  inputLog(): Promise<InputLog> {
    return this.#call(this.#remote.inputLog());
  }
  checkpoint(options: CheckpointOptions = {}): Promise<Uint8Array> {
    return this.#call(this.#remote.checkpoint(options));
  }
  readDisk(offset: number, length: number): Promise<Uint8Array> {
    return this.#call(this.#remote.readDisk(offset, length));
  }
  statsAt(port: PortName, text: string, { signal }: { signal: AbortSignal }): Promise<MachineStats> {
    return this.#abortable(signal, (call) => this.#remote.statsAt(call, port, text));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#state.kind === "stopped") return;
    this.#become({ kind: "stopped" });
    this.#lose(new Error("the machine was closed; open a new one"));
    this.#events.port1.close();
    this.#worker.terminate();
  }

  #write(port: PortName, bytes: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
    const own = bytes.slice();
    return this.#abortable(signal, (call) => this.#remote.write(call, port, transfer(own, [own.buffer])));
  }

  async #abortable<T>(signal: AbortSignal | undefined, ask: (call: number) => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    const call = this.#calls++;
    const abort = () => this.#remote.abort(call, String(signal?.reason)).catch(() => undefined);
    signal?.addEventListener("abort", abort, { once: true });
    try {
      return await this.#call(ask(call));
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  #call<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#lost) reject(this.#lost);
      this.#waiting.add(reject);
      answer.then(resolve, reject).finally(() => this.#waiting.delete(reject));
    });
  }

  #lose(why: Error): void {
    this.#lost = why;
    for (const reject of this.#waiting) reject(why);
  }

  #fail(message: string): void {
    const reason = `the worker of the machine failed: ${message}`;
    this.#lose(new Error(reason));
    this.#become({ kind: "crashed", cause: "emulator", reason });
  }

  #become(state: MachineState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }
}
