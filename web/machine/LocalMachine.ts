// SPDX-License-Identifier: MIT
/** A machine in this realm: the loop that runs an Emulator, its two ports, its log and its checkpoints. */

import { nextTurn } from "../base/nextTurn.ts";
import { Sha256 } from "../base/Sha256.ts";
import { sha256 } from "./assets.ts";
import { type CheckpointHeader, CheckpointReader, encodeCheckpoint } from "./Checkpoint.ts";
import type { Emulator } from "./Emulator.ts";
import type { Fingerprint } from "./Fingerprint.ts";
import { gzip } from "./gzip.ts";
import { HostPort } from "./HostPort.ts";
import type { InputEntry, InputLog } from "./InputLog.ts";
import type { CheckpointOptions, Machine, MachineState, MachineStats, Pace, PortName } from "./Machine.ts";
import { OutputWatch } from "./OutputWatch.ts";
import { Pacer } from "./Pacer.ts";
import { hostNow, outsideGuest } from "./Realm.ts";
import { V86_VERSION, V86_WASM_SHA256 } from "./v86.ts";

/** How long the event loop waits for us at most, give or take one slice (1 to 2 ms). */
const TURN_MS = 8;
/** Between two deliveries in the middle of a turn: a busy port costs its listener few more of them. */
const PROMPT_MS = 2;
/** An input that ends a sleep finds the guest's clock moved at least this far. */
const LEAST_WAKE_MS = 0.001;
/** More output than this in one turn is a transfer, not an echo. */
const BACKLOG_BYTES = 256;
const PORTS: readonly PortName[] = ["console", "bridge"];

const REASONS = {
  halt: "the guest halted its CPU for good (a kernel panic, or it was switched off)",
  reset: "the guest reset its CPU (a reboot)",
};

/** How to make the emulator again, and what checkpoints say about where it came from. */
export interface Blueprint {
  readonly create: () => Promise<Emulator>;
  readonly origin: Pick<
    CheckpointHeader,
    "hardware" | "kernelSha256" | "commandLine" | "volumeBytes" | "volumeSha256"
  >;
}

export type Restored = Pick<CheckpointHeader, "pendingIdleMs" | "consoleOutput" | "bridgeOutput">;

export class LocalMachine implements Machine {
  readonly console = new HostPort("console", () => this.#wake?.());
  readonly bridge = new HostPort("bridge", () => this.#wake?.());
  readonly #blueprint: Blueprint;
  readonly #listeners = new Set<(state: MachineState) => void>();
  readonly #watches = { console: this.#newWatch(), bridge: this.#newWatch() };
  readonly #entries: InputEntry[] = [];
  readonly #pacer: Pacer;
  #emulator: Emulator;
  #state: MachineState = { kind: "paused" };
  #pace: Pace = "none";
  /** Idle time that the guest has asked for: skipped before the next slice, or cut short by input. */
  #pendingIdleMs = 0;
  #hostMs = 0;
  /** When the turn began that is running now. */
  #turnBegan: number | undefined;
  /** Bytes that the last turn sent. */
  #lastOutput = 0;
  /** Output is delivered in the middle of a turn, and when it last was. */
  #prompt = false;
  #delivered = 0;
  readonly #sent = { console: 0, bridge: 0 };
  #loop: Promise<void> = Promise.resolve();
  /** Ends the loop's sleep. */
  #wake: (() => void) | undefined;
  /** Swaps of the emulator, one after the other. */
  #swap: Promise<unknown> = Promise.resolve();

  constructor(blueprint: Blueprint, emulator: Emulator, restored?: Restored) {
    this.#blueprint = blueprint;
    this.#emulator = emulator;
    this.#pacer = new Pacer(emulator.clock.nowMs);
    if (!restored) return;
    this.#pendingIdleMs = restored.pendingIdleMs;
    this.console.output = Sha256.resume(restored.consoleOutput);
    this.bridge.output = Sha256.resume(restored.bridgeOutput);
  }

  get state(): MachineState {
    return this.#state;
  }

  subscribe(listener: (state: MachineState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * From now on output is delivered while a slice still runs, too: a guest that has just been restored takes tens of
   * milliseconds for one. For listeners that hand it on and do not come back to the machine from there.
   */
  deliverPromptly(): void {
    this.#prompt = true;
    this.#connectPorts();
  }

  async run({ pace = this.#pace }: { pace?: Pace } = {}): Promise<void> {
    await this.setPace(pace);
    if (this.#state.kind !== "paused") return;
    this.#become({ kind: "running" });
    this.#loop = this.#loop.then(() => this.#runLoop());
  }

  async pause(): Promise<void> {
    if (this.#state.kind === "running") this.#become({ kind: "paused" });
    await this.#stopped();
  }

  async setPace(pace: Pace): Promise<void> {
    this.#pace = pace;
    this.#pacer.align(this.#emulator.clock.nowMs);
    this.#wake?.();
  }

  async stats(): Promise<MachineStats> {
    return this.#stats();
  }

  async statsAt(port: PortName, text: string, { signal }: { signal: AbortSignal }): Promise<MachineStats> {
    this.#requireAlive();
    return this.#watches[port].waitFor(text, signal);
  }

  checkpoint({ compress = true }: CheckpointOptions = {}): Promise<Uint8Array> {
    const made = this.#swap.then(() => this.#swapEmulator());
    this.#swap = made.catch(() => undefined);
    return made.then((bytes) => (compress ? gzip(bytes) : bytes));
  }

  async fingerprint(): Promise<Fingerprint> {
    this.#requireEmulator();
    this.#collectOutput();
    const emulator = this.#emulator;
    const memory = emulator.ram.slice();
    const { state } = emulator.save();
    const { instructions, nowMs } = emulator.clock;
    const print = {
      ticks: emulator.ticks,
      instructions,
      guestMs: nowMs,
      jitModules: emulator.jitModules,
      consoleBytes: this.console.output.length,
      consoleSha256: this.console.output.hex(),
      bridgeBytes: this.bridge.output.length,
      bridgeSha256: this.bridge.output.hex(),
    };
    return { ...print, memorySha256: await sha256(memory), stateSha256: await sha256(state) };
  }

  async inputLog(): Promise<InputLog> {
    return { entries: [...this.#entries], end: this.#moment() };
  }

  async readDisk(offset: number, length: number): Promise<Uint8Array> {
    return this.#emulator.disk.read(offset, length);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#state.kind === "stopped") return;
    this.#become({ kind: "stopped" });
    await this.#stopped();
    this.#endPorts("the machine was closed");
    await this.#emulator.dispose();
  }

  /** Runs the inputs of a log again, unpaced, up to its end. For a machine that was just opened. */
  async replay({ entries, end }: InputLog, signal?: AbortSignal): Promise<void> {
    let next = 0;
    for (let turnEnd = hostNow() + TURN_MS; ; ) {
      let fed = false;
      for (let entry = entries[next]; entry?.tick === this.#emulator.ticks; entry = entries[++next]) {
        if (entry.kind === "checkpoint") await this.#swapEmulator();
        else fed = this.#replayInput(entry);
      }
      if (this.#emulator.ticks >= end.tick || this.#state.kind !== "paused") break;
      if (!fed) this.#skipIdle();
      this.#tick();
      if (hostNow() < turnEnd) continue;
      this.#collectOutput();
      await nextTurn();
      signal?.throwIfAborted();
      turnEnd = hostNow() + TURN_MS;
    }
    this.#collectOutput();
    if (next < entries.length || this.#emulator.ticks !== end.tick) this.#diverged(end.tick);
  }

  #replayInput(entry: Extract<InputEntry, { kind: "bytes" }>): true {
    const { clock } = this.#emulator;
    if (entry.idleMs < clock.idleMs || entry.idleMs > clock.idleMs + this.#pendingIdleMs)
      this.#diverged(entry.tick);
    clock.idleMs = entry.idleMs;
    this.#pendingIdleMs = 0;
    this.#entries.push(entry);
    this.#emulator.feed(this.#emulator[entry.port], entry.bytes);
    return true;
  }

  #diverged(tick: number): never {
    throw new Error(`the input log does not belong to this start: the replay differs at tick ${tick}`);
  }

  /** One turn after the other until the state is no longer "running". */
  async #runLoop(): Promise<void> {
    this.#pacer.align(this.#emulator.clock.nowMs);
    while (this.#state.kind === "running") {
      await this.#swap;
      const before = this.#sent.console + this.#sent.bridge;
      const sleepMs = this.#turn();
      this.#collectOutput();
      this.#lastOutput = this.#sent.console + this.#sent.bridge - before;
      await (sleepMs > 0 ? this.#sleep(sleepMs) : nextTurn());
    }
  }

  /** Runs slices for TURN_MS at most; returns how long the guest should sleep. */
  #turn(): number {
    const begin = hostNow();
    const end = begin + TURN_MS;
    this.#turnBegan = begin;
    let sleepMs = 0;
    do {
      const fed = this.#feedInput();
      sleepMs = fed ? 0 : this.#delay();
      if (sleepMs > 0) break;
      if (!fed) this.#skipIdle();
      this.#tick();
    } while (this.#state.kind === "running" && hostNow() < end && !this.#shouldDeliver());
    this.#hostMs += hostNow() - begin;
    this.#turnBegan = undefined;
    return sleepMs;
  }

  /** An idle guest that has answered: whoever waits for the answer should get it now. */
  #shouldDeliver(): boolean {
    return (
      this.#pendingIdleMs > 0 &&
      this.#emulator.console.output.length + this.#emulator.bridge.output.length > 0
    );
  }

  #delay(): number {
    if (this.#pace === "none") return 0;
    const halted = this.#pendingIdleMs > 0;
    return this.#pacer.delay(this.#emulator.clock.nowMs + this.#pendingIdleMs, halted, this.#hasBacklog());
  }

  #hasBacklog(): boolean {
    return this.#lastOutput > BACKLOG_BYTES || PORTS.some((port) => this[port].hasInput);
  }

  #skipIdle(): void {
    this.#emulator.clock.idleMs += this.#pendingIdleMs;
    this.#pendingIdleMs = 0;
  }

  #tick(): void {
    try {
      this.#pendingIdleMs = this.#emulator.tick();
    } catch (error) {
      this.#crash(
        "emulator",
        `the emulator gave up (a triple fault of the guest, or its own fault): ${error}`,
      );
      return;
    }
    const { death } = this.#emulator;
    if (death) this.#crash(death, REASONS[death]);
  }

  /** Moves what waits into ports that are ready for it; a sleeping guest wakes up early. */
  #feedInput(): boolean {
    const ready = PORTS.filter((port) => this[port].hasInput && this.#emulator[port].ready);
    if (ready.length === 0) return false;
    this.#wakeGuest();
    for (const port of ready) {
      const bytes = this[port].takeInput();
      this.#entries.push({ ...this.#moment(), kind: "bytes", port, bytes });
      this.#emulator.feed(this.#emulator[port], bytes);
    }
    return true;
  }

  /** How far a sleep got before the input came. */
  #wakeGuest(): void {
    if (this.#pendingIdleMs === 0) return;
    const { clock } = this.#emulator;
    const slept = this.#pace === "real" ? this.#pacer.dueMs - clock.nowMs : 0;
    clock.idleMs += Math.min(Math.max(slept, LEAST_WAKE_MS), this.#pendingIdleMs);
    this.#pendingIdleMs = 0;
  }

  #collectOutput(): void {
    this.#delivered = hostNow();
    for (const port of PORTS) {
      const { output } = this.#emulator[port];
      if (output.length === 0) continue;
      this.#sent[port] += output.length;
      this[port].deliver(output.take());
    }
  }

  #collectPromptly(): void {
    if (hostNow() - this.#delivered > PROMPT_MS) outsideGuest(() => this.#collectOutput());
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#wake = done;
    });
  }

  async #stopped(): Promise<void> {
    this.#wake?.();
    await this.#loop;
    await this.#swap;
  }

  /** Saves the emulator and goes on in a fresh one that was restored from what was saved. */
  async #swapEmulator(): Promise<Uint8Array> {
    this.#requireAlive();
    this.#collectOutput();
    this.#entries.push({ ...this.#moment(), kind: "checkpoint" });
    const old = this.#emulator;
    const { state, leftovers } = old.save();
    const header = {
      v86: V86_VERSION,
      v86WasmSha256: V86_WASM_SHA256,
      ...this.#blueprint.origin,
      leftovers,
      pendingIdleMs: this.#pendingIdleMs,
      consoleOutput: this.console.output.state,
      bridgeOutput: this.bridge.output.state,
      stateBytes: state.length,
      memory: old.filled(),
    };
    const bytes = encodeCheckpoint(header, state, old.ram);
    const fresh = await this.#blueprint.create();
    await using saved = await CheckpointReader.open(bytes);
    await saved.restoreInto(fresh);
    this.#emulator = fresh;
    this.#connectPorts();
    await old.dispose();
    return bytes;
  }

  #moment(): { tick: number; idleMs: number } {
    return { tick: this.#emulator.ticks, idleMs: this.#emulator.clock.idleMs };
  }

  #stats(): MachineStats {
    const { clock, ticks, jitModules, disk } = this.#emulator;
    return {
      instructions: clock.instructions,
      guestMs: clock.nowMs,
      ticks,
      jitModules,
      hostMs: this.#hostMs + (this.#turnBegan === undefined ? 0 : hostNow() - this.#turnBegan),
      consoleOut: this.#sent.console,
      bridgeOut: this.#sent.bridge,
      disk: disk.stats,
    };
  }

  #newWatch(): OutputWatch {
    return new OutputWatch(
      () => this.#stats(),
      () => this.#connectPorts(),
    );
  }

  #connectPorts(): void {
    for (const port of PORTS) {
      this.#emulator[port].onByte = this.#watches[port].listener;
      this.#emulator[port].onPiece = this.#prompt ? () => this.#collectPromptly() : undefined;
    }
  }

  #crash(cause: "halt" | "reset" | "emulator", reason: string): void {
    this.#collectOutput();
    this.#become({ kind: "crashed", cause, reason });
    this.#endPorts(reason);
  }

  #endPorts(why: string): void {
    for (const port of PORTS) {
      this[port].close(why);
      this.#watches[port].fail(why);
    }
  }

  #become(state: MachineState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }

  #requireEmulator(): void {
    if (this.#state.kind === "stopped") throw new Error("the machine was closed; open a new one");
  }

  #requireAlive(): void {
    this.#requireEmulator();
    if (this.#state.kind === "crashed")
      throw new Error(`the machine is dead: ${this.#state.reason}; open it again`);
  }
}
