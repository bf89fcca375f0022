// SPDX-License-Identifier: MIT
// The real guest of the page: a machine in a worker, restored or booted, and the bridge to its agent.

import { SessionLostError } from "../bridge/BridgeError.ts";
import type { ConnectionState } from "../bridge/ConnectionState.ts";
import { within } from "../bridge/deadline.ts";
import type { EventStream } from "../bridge/EventStream.ts";
import { type ConnectOptions, connect, type Guest, resume } from "../bridge/Guest.ts";
import type { Exit, Process } from "../bridge/Process.ts";
import type { SavedSession } from "../bridge/SavedSession.ts";
import type { Machine } from "../machine/Machine.ts";
import { type Opened, type Start, takeStart } from "./FirstStart.ts";
import type { ExitWords, GuestListener, LiveGuest, OutputListener } from "./Lab.ts";
import { PanicWatch } from "./PanicWatch.ts";

/** A cold boot on a slow computer takes seconds, never minutes. */
const BOOT_DEADLINE_MS = 90_000;
/** A saved session answers within a fraction of a second of running, or is another guest's. Shorter than any request waits. */
const RESUME_MS = 5000;

export async function guestSource(listener: GuestListener, signal: AbortSignal): Promise<LiveGuest> {
  requireWebAssembly();
  const start = takeStart();
  const opening = openedBy(start, listener, signal);
  const resuming = resumeEarly(start, listener, signal);
  resuming.catch(() => undefined); // told below, if the machine was opened all the same
  const { machine, cold } = await opening;
  try {
    listener.phase({ kind: "starting", cold });
    const running = await (cold === null ? resuming : bringUp(start, machine, boot, listener, signal));
    const ms = Math.round(performance.now() - start.began);
    const live = new PageGuest(machine, running.guest, cold);
    void live.report(ms, running.events, listener, signal);
    return live;
  } catch (error) {
    await machine[Symbol.asyncDispose]();
    throw error;
  }
}

function requireWebAssembly(): void {
  if (typeof WebAssembly === "object") return;
  throw new Error(
    "This browser has no WebAssembly, which the emulated PC needs: use a current browser, or allow it.",
  );
}

/** The machine on its way, of which the page hears from now on. */
function openedBy(start: Start, listener: GuestListener, signal: AbortSignal): Promise<Opened> {
  start.loading.subscribe((progress) => listener.phase({ kind: "loading", ...progress }));
  if (signal.aborted) start.end(signal.reason);
  signal.addEventListener("abort", () => start.end(signal.reason), { once: true });
  return start.opened.finally(() => start.loading.end());
}

interface Running {
  readonly guest: Guest;
  /** Of the first session, if the monitor watches already. */
  readonly events: EventStream | null;
}

type Begin = (machine: Machine, options: ConnectOptions, listener: GuestListener) => Promise<Running>;

/** Asks a restored guest while it is still being restored, so that the worker need not wait for the page in between. */
async function resumeEarly(start: Start, listener: GuestListener, signal: AbortSignal): Promise<Running> {
  const restoring = await start.restoring;
  if (!restoring) throw new Error("there is nothing to restore");
  const begin: Begin = (...given) => goOn(restoring.session, ...given);
  return bringUp(start, restoring.machine, begin, listener, signal);
}

/** Runs the machine until its agent answers. */
function bringUp(
  start: Start,
  machine: Machine,
  begin: Begin,
  listener: GuestListener,
  signal: AbortSignal,
): Promise<Running> {
  const dead = watchDeath(start, machine, listener);
  const options = {
    running: () => machine.state.kind === "running",
    signal,
    connectMs: BOOT_DEADLINE_MS,
  };
  return Promise.race([begin(machine, options, listener), dead]);
}

/** Unpaced until the agent is there, so that it takes no longer than it must. */
async function boot(machine: Machine, options: ConnectOptions): Promise<Running> {
  const connecting = connect(machine.bridge, { ...options, awaitHello: true });
  const [guest] = await Promise.all([connecting, machine.run({ pace: "none" })]);
  await machine.setPace("real");
  return { guest, events: null };
}

/** In the session in which it was saved; in a new one where that does not take. */
async function goOn(
  session: SavedSession,
  machine: Machine,
  options: ConnectOptions,
  listener: GuestListener,
): Promise<Running> {
  const { connectMs, signal, ...line } = options;
  signal?.throwIfAborted();
  const { guest, events } = resume(machine.bridge, session, { ...line, ...(signal && { signal }) });
  const refreshed = Promise.all([refresh(guest, listener), machine.run({ pace: "real" })]);
  try {
    await within(refreshed, "go on with the saved session", { ...line, ms: RESUME_MS, signal });
    return { guest, events };
  } catch (error) {
    await guest[Symbol.asyncDispose]();
    if (signal?.aborted || machine.state.kind !== "running") throw error;
    return beginAnew(machine, options, listener);
  }
}

async function beginAnew(
  machine: Machine,
  options: ConnectOptions,
  listener: GuestListener,
): Promise<Running> {
  const guest = await connect(machine.bridge, options);
  try {
    const [events] = await Promise.all([watch(guest, options.signal), refresh(guest, listener)]);
    return { guest, events };
  } catch (error) {
    await guest[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * A restored guest has the clock and the chance of the moment when it was saved, and gets others. All that it is asked for
 * lies at its port before its first instruction, a program that somebody waits for included.
 */
async function refresh(guest: Guest, listener: GuestListener): Promise<void> {
  const answers = [guest.setClock(), guest.reseed()];
  listener.reachable({ spawn: (...given) => spawn(guest, ...given) });
  await Promise.all(answers);
}

function watch(guest: Guest, signal: AbortSignal | undefined): Promise<EventStream> {
  return guest.events(signal && { signal });
}

/** Rejects when the machine ends; tells the page, unless it is one that could not be opened and another took its place. */
function watchDeath(start: Start, machine: Machine, listener: GuestListener): Promise<never> {
  const panic = new PanicWatch();
  return new Promise((_, reject) => {
    const lost = async (reason: string) => {
      reject(new Error(reason));
      const opened = await start.opened.catch(() => null);
      if (opened?.machine === machine) listener.phase({ kind: "guest-lost", reason });
    };
    machine.console.subscribe((bytes) => {
      listener.consoleOutput(bytes);
      const why = panic.push(bytes);
      if (why !== null) void lost(`The guest’s kernel has panicked: ${why}.`);
    });
    machine.subscribe((state) => {
      if (state.kind === "crashed" && panic.reason === null)
        void lost(`The guest has stopped: ${state.reason}`);
    });
  });
}

class PageGuest implements LiveGuest {
  readonly cold: string | null;
  readonly #machine: Machine;
  readonly #guest: Guest;

  constructor(machine: Machine, guest: Guest, cold: string | null) {
    this.#machine = machine;
    this.#guest = guest;
    this.cold = cold;
  }

  get console(): LiveGuest["console"] {
    return this.#machine.console;
  }

  get api(): Guest {
    return this.#guest;
  }

  get maxArgumentBytes(): number {
    const state = this.#guest.state.peek();
    return state.kind === "connected" ? state.agent.limits.strings : 0;
  }

  spawn(argv: readonly string[], listener: OutputListener, signal: AbortSignal): Promise<ExitWords> {
    return spawn(this.#guest, argv, listener, signal);
  }

  /** Tells the page of the agent's comings and goings, and of the kernel's events while it is there. */
  async report(
    ms: number,
    first: EventStream | null,
    listener: GuestListener,
    signal: AbortSignal,
  ): Promise<void> {
    const stop = this.#guest.state.subscribe((state) => {
      if (state.kind !== "connected") listener.phase({ kind: "agent-lost", reason: agentWords(state) });
    });
    signal.addEventListener("abort", stop, { once: true });
    const ready = () => listener.phase({ kind: "ready", ms, cold: this.cold });
    try {
      for (let events = first; !signal.aborted; events = null)
        await this.#watch(events, ready, listener, signal);
    } catch (error) {
      if (!signal.aborted) listener.phase({ kind: "failed", reason: monitorWords(error), hopeless: false });
    }
  }

  /** One session: nothing may be run before the monitor watches, or its events would be missed. */
  async #watch(
    events: EventStream | null,
    ready: () => void,
    listener: GuestListener,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      await usable(this.#guest, signal);
      const batches = events ?? (await watch(this.#guest, signal));
      ready();
      for await (const batch of batches) listener.events(batch);
    } catch (error) {
      if (!(error instanceof SessionLostError)) throw error;
      listener.cut();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#guest[Symbol.asyncDispose]();
    await this.#machine[Symbol.asyncDispose]();
  }
}

async function spawn(
  guest: Guest,
  argv: readonly string[],
  listener: OutputListener,
  signal: AbortSignal,
): Promise<ExitWords> {
  const process = await guest.exec(argv, { signal });
  await Promise.all([pass(process, "stdout", listener), pass(process, "stderr", listener)]);
  return exitWords(await process.exited);
}

/** Resolves when the agent is there. */
async function usable(guest: Guest, signal: AbortSignal): Promise<void> {
  const stops: (() => void)[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      const abort = () => reject(signal.reason);
      signal.addEventListener("abort", abort, { once: true });
      stops.push(() => signal.removeEventListener("abort", abort));
      stops.push(guest.state.subscribe(({ kind }) => kind === "connected" && resolve()));
    });
  } finally {
    for (const stop of stops) stop();
  }
}

function agentWords(state: ConnectionState): string {
  const why = "reason" in state && state.reason !== undefined ? `: ${state.reason}` : "";
  return `waiting for the guest’s agent${why}`;
}

function monitorWords(error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  return `The kernel’s events cannot be watched: ${why}. Restart the guest.`;
}

async function pass(process: Process, from: "stdout" | "stderr", listener: OutputListener): Promise<void> {
  for await (const bytes of process[from]) listener(from, bytes);
}

function exitWords({ code, signal, limit }: Exit): ExitWords {
  if (limit !== undefined) return { words: `killed: it took longer than its ${limit} limit`, failed: true };
  if (signal !== undefined) return { words: `killed by ${signal}`, failed: true };
  return { words: `exit ${code}`, failed: code !== 0 };
}
