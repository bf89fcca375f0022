// SPDX-License-Identifier: MIT
/**
 * The worker's side of a machine in a worker: the methods that comlink exposes. Output and state changes go to one
 * listener in batches; aborts come by the number of the call, because an AbortSignal cannot be sent.
 */
import { transfer } from "comlink";
import type { Fingerprint } from "./Fingerprint.ts";
import type { InputLog } from "./InputLog.ts";
import type { LocalMachine } from "./LocalMachine.ts";
import type {
  Asset,
  CheckpointOptions,
  LoadProgress,
  MachineStart,
  MachineState,
  MachineStats,
  OpenOptions,
  Pace,
  PortName,
} from "./Machine.ts";

/** Sent on the event port; the page's side is in openInWorker.ts. */
export type WorkerEvent =
  | { readonly kind: "output"; readonly port: PortName; readonly bytes: Uint8Array }
  | { readonly kind: "state"; readonly state: MachineState }
  | { readonly kind: "progress"; readonly progress: LoadProgress };

/** An asset whose bytes follow through a port. */
export type SentAsset =
  | Exclude<Asset, { readonly coming: unknown }>
  | { readonly coming: MessagePort; readonly sha256?: string };

type Assets = "kernel" | "volume" | "checkpoint";
export type SentStart = Omit<MachineStart, Assets> & { readonly [name in Assets]: SentAsset | undefined };

type Open = (
  start: MachineStart,
  engine: Promise<WebAssembly.Module>,
  options: OpenOptions,
) => Promise<LocalMachine>;

export class WorkerMachine {
  readonly #open: Open;
  readonly #calls = new Map<number, AbortController>();
  /** What it is asked for while it is being opened waits here. */
  #machine: Promise<LocalMachine> | undefined;

  constructor(open: Open) {
    this.#open = open;
  }

  async open(call: number, sent: SentStart, engine: MessagePort, events: MessagePort): Promise<void> {
    const send = (event: WorkerEvent, moved: Transferable[] = []) => events.postMessage(event, moved);
    const onProgress = (progress: LoadProgress) => send({ kind: "progress", progress });
    const start = received(sent);
    const module = firstMessage<WebAssembly.Module>(engine);
    this.#machine = this.#abortable(call, async (signal) => {
      const machine = await this.#open(start, module, { onProgress, signal });
      machine.subscribe((state) => send({ kind: "state", state }));
      for (const port of ["console", "bridge"] as const)
        machine[port].subscribe((shared) => {
          const bytes = shared.slice();
          send({ kind: "output", port, bytes }, [bytes.buffer]);
        });
      machine.deliverPromptly();
      return machine;
    });
    await this.#machine;
  }

  abort(call: number, reason: string): void {
    this.#calls.get(call)?.abort(new Error(reason));
  }

  write(call: number, port: PortName, bytes: Uint8Array): Promise<void> {
    return this.#abortable(call, async (signal) => (await this.#opened)[port].write(bytes, { signal }));
  }

  statsAt(call: number, port: PortName, text: string): Promise<MachineStats> {
    return this.#abortable(call, async (signal) => (await this.#opened).statsAt(port, text, { signal }));
  }

  async run(options: { pace?: Pace }): Promise<void> {
    return (await this.#opened).run(options);
  }
  async pause(): Promise<void> {
    return (await this.#opened).pause();
  }
  async setPace(pace: Pace): Promise<void> {
    return (await this.#opened).setPace(pace);
  }
  async stats(): Promise<MachineStats> {
    return (await this.#opened).stats();
  }
  async fingerprint(): Promise<Fingerprint> {
    return (await this.#opened).fingerprint();
  }
  async inputLog(): Promise<InputLog> {
    return (await this.#opened).inputLog();
  }
  async checkpoint(options: CheckpointOptions): Promise<Uint8Array> {
    return moved(await (await this.#opened).checkpoint(options));
  }
  async readDisk(offset: number, length: number): Promise<Uint8Array> {
    return moved(await (await this.#opened).readDisk(offset, length));
  }
  async close(): Promise<void> {
    await (await this.#machine)?.[Symbol.asyncDispose]();
  }

  get #opened(): Promise<LocalMachine> {
    return this.#machine ?? Promise.reject(new Error("the machine in the worker is not open yet"));
  }

  async #abortable<T>(call: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    this.#calls.set(call, controller);
    try {
      return await work(controller.signal);
    } finally {
      this.#calls.delete(call);
    }
  }
}

function received({ kernel, volume, checkpoint, ...rest }: SentStart): MachineStart {
  return {
    ...rest,
    ...(kernel && { kernel: receivedAsset(kernel) }),
    ...(volume && { volume: receivedAsset(volume) }),
    ...(checkpoint && { checkpoint: receivedAsset(checkpoint) }),
  };
}

function receivedAsset(asset: SentAsset): Asset {
  return "coming" in asset ? { ...asset, coming: firstMessage(asset.coming) } : asset;
}

/** What follows through a port (openInWorker.ts), or the reason why it does not. */
function firstMessage<T extends object>(port: MessagePort): Promise<T> {
  const coming = new Promise<T>((resolve, reject) => {
    port.onmessage = ({ data }: MessageEvent<T | string>) => {
      port.close();
      if (typeof data === "string") reject(new Error(data));
      else resolve(data);
    };
  });
  coming.catch(() => undefined); // told to whoever loads it
  return coming;
}

function moved(bytes: Uint8Array): Uint8Array {
  return transfer(bytes, [bytes.buffer]);
}
