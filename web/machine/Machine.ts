// SPDX-License-Identifier: MIT
/**
 * What the rest of the product knows of the emulated PC. The same interface stands for a machine in this realm
 * (`openMachine` of openInNode.ts) and for one in a worker (`openMachine` of openInWorker.ts: the page).
 *
 * A machine is deterministic: start + input log = every byte of memory and of output, on any engine.
 * For that its time is virtual (executed instructions + skipped idle), and input enters between two ticks only.
 */
import type { ByteChannel } from "../base/ByteChannel.ts";
import type { DiskStats } from "./Disk.ts";
import type { Fingerprint } from "./Fingerprint.ts";
import type { InputLog } from "./InputLog.ts";

export type { DiskStats, Fingerprint, InputLog };

/**
 * Bytes at hand, or on their way (they belong to the machine then), or where to get them. `bytes` is the size after
 * content decoding, for the progress bar.
 */
export type Asset =
  | { readonly data: Uint8Array; readonly sha256?: string }
  | { readonly coming: Promise<Uint8Array>; readonly sha256?: string }
  | { readonly url: string; readonly bytes: number; readonly sha256?: string };

/**
 * What a machine is made of and where it starts. With `checkpoint` the kernel is not loaded at all (only its
 * `sha256`, when given, is compared); without it the kernel is booted cold.
 */
export interface MachineStart {
  /** A gzip-compressed bzImage. */
  readonly kernel?: Asset;
  /** Default: DEFAULT_COMMAND_LINE. Ignored with a checkpoint. */
  readonly commandLine?: string;
  /** Content of the IDE disk (/dev/sda). Never changed: the guest's writes go to a layer above it. */
  readonly volume?: Asset;
  /** What `checkpoint()` gave, raw or gzip-compressed. */
  readonly checkpoint?: Asset;
  /** Inputs to run again, unpaced, before the machine is handed out (paused) where the log ends. */
  readonly replay?: InputLog;
  readonly hardware?: Partial<Hardware>;
}

/**
 * Choices that shape every later bit; checkpoints hold them, and whoever names some at a restore must name the same.
 */
export interface Hardware {
  readonly memoryBytes: number;
  /** Guest instructions per virtual microsecond: the scale of guest time. */
  readonly mips: number;
  /** Of RDRAND and every other source of chance. */
  readonly seed: number;
  /** Wall clock (real-time clock chip) at power-on, ms since 1970. */
  readonly epochMs: number;
  /** False interprets everything: 5 to 10 times slower, for finding faults of the emulator. */
  readonly jit: boolean;
}

export const DEFAULT_HARDWARE: Hardware = {
  memoryBytes: 32 * 1024 * 1024,
  mips: 200,
  seed: 12345,
  epochMs: Date.UTC(2026, 0, 1),
  jit: true,
};

export const DEFAULT_COMMAND_LINE = "console=ttyS0 tsc=reliable";

/**
 * `real`: guest time follows the host's clock (it may fall behind when the host is busy, never ahead).
 * `none`: as fast as the host can; idle time is skipped.
 */
export type Pace = "real" | "none";

export type MachineState =
  | { readonly kind: "paused" }
  | { readonly kind: "running" }
  /** The guest is dead (it halted with interrupts off, reset its CPU, or broke the emulator). `reason` is a sentence. */
  | { readonly kind: "crashed"; readonly cause: "halt" | "reset" | "emulator"; readonly reason: string }
  /** Disposed. */
  | { readonly kind: "stopped" };

export interface MachineStats {
  /** Executed since power-on; exact at the moment of the reading, and the same in every replay. */
  readonly instructions: number;
  /** Virtual milliseconds since power-on, skipped idle included. */
  readonly guestMs: number;
  /** Slices run since power-on: the time axis of the input log. */
  readonly ticks: number;
  /** Modules compiled by the JIT since power-on. */
  readonly jitModules: number;
  /** Real milliseconds spent inside the emulator since this machine was opened. */
  readonly hostMs: number;
  /** Bytes each way since this machine was opened. */
  readonly consoleOut: number;
  readonly bridgeOut: number;
  readonly disk: DiskStats;
}

/** Bytes loaded so far, of how many in all. */
export interface LoadProgress {
  readonly loaded: number;
  readonly total: number;
}

export interface OpenOptions {
  readonly onProgress?: (progress: LoadProgress) => void;
  readonly signal?: AbortSignal;
}

export interface CheckpointOptions {
  /** gzip. Default true. */
  readonly compress?: boolean;
}

export type PortName = "console" | "bridge";

export interface Machine extends AsyncDisposable {
  /** ttyS0. */
  readonly console: ByteChannel;
  /** ttyS1. */
  readonly bridge: ByteChannel;
  readonly state: MachineState;
  /** Calls `listener` at each change of `state`; returns the way to stop. */
  subscribe(listener: (state: MachineState) => void): () => void;
  /** Starts or goes on. A machine opens paused, unpaced. */
  run(options?: { pace?: Pace }): Promise<void>;
  /** Resolves when the current slice has ended. */
  pause(): Promise<void>;
  setPace(pace: Pace): Promise<void>;
  stats(): Promise<MachineStats>;
  /**
   * The machine as it was when `text` had just been sent by the guest on `port` (to the instruction), counted
   * from this call. Rejects when the signal aborts or the machine ends.
   */
  statsAt(port: PortName, text: string, options: { signal: AbortSignal }): Promise<MachineStats>;
  /**
   * All of the machine but the volume it started with. The machine goes on afterwards, in a fresh emulator restored
   * from these very bytes: so it and every later restore have the same future (the moment is an entry of the log).
   */
  checkpoint(options?: CheckpointOptions): Promise<Uint8Array>;
  /** Hashes of memory, CPU, devices and all output; equal in every replay. */
  fingerprint(): Promise<Fingerprint>;
  /** Every input since the start, and the moment of the call as its end. */
  inputLog(): Promise<InputLog>;
  /** The disk as the guest has left it: `length` bytes from `offset`. */
  readDisk(offset: number, length: number): Promise<Uint8Array>;
}
