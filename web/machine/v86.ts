// SPDX-License-Identifier: MIT
/**
 * What we rely on inside v86, in one place: names that its typings do not promise, addresses in its wasm memory,
 * and the identity of the release. v86.test.ts pins each; `requireMembers` refuses an emulator that lacks one.
 */
import "./Realm.ts"; // before v86 is evaluated
import { V86 } from "v86";
import type { Disk } from "./Disk.ts";
import { traceErrors } from "./Realm.ts";
import type { ReceiveQueue } from "./ReceiveQueue.ts";

traceErrors();

/** The release. Checkpoints carry it, because v86 reads only states of its own version. */
export const V86_VERSION = "0.5.462+g5f9a90f";
export const V86_WASM_SHA256 = "aa0d0e149d6b60063b85de4871e78505637ce92821e14a9f9802c4008ba2336e";

/** Of v86.wasm, for progress bars. */
export const V86_WASM_BYTES = 2_101_621;

/** Addresses of CPU state in wasm memory (v86: src/rust/cpu/global_pointers.rs). */
export const ADDRESS = {
  last_result: 112,
  instruction_pointer: 556,
  in_hlt: 616,
  instruction_counter: 664,
  mxcsr: 824,
  current_tsc: 960,
  fpu_status_word: 1040,
} as const;

/** JIT module number n is entry JIT_TABLE_BASE + n of the function table (v86: WASM_TABLE_OFFSET). */
export const JIT_TABLE_BASE = 1024;

/** Building an emulator leaves memory zero but for something below this. */
export const LOW_MEMORY_BYTES = 1 << 20;

/** A view of CPU state: each access goes to wasm memory, wherever it is by now. */
interface Cells {
  [index: number]: number;
}

export interface Uart {
  input: ReceiveQueue;
  lsr: number;
  modem_status: number;
  readonly baud_rate: number;
  readonly iir: number;
  readonly line_control: number;
  readonly modem_control: number;
  readonly fifo_control: number;
  ThrowInterrupt(line: number): void;
  ClearInterrupt(line: number): void;
}

export interface IoPort {
  read8(this: unknown): number;
  write8(this: unknown, value: number): void;
}

export interface Cpu {
  readonly mem8: Uint8Array;
  readonly reg32: Cells;
  readonly sreg: Cells;
  readonly segment_is_null: Cells;
  readonly segment_offsets: Cells;
  readonly segment_limits: Cells;
  readonly gdtr_offset: Cells;
  readonly gdtr_size: Cells;
  readonly cr: Cells;
  readonly cpl: Cells;
  readonly flags: Cells;
  readonly is_32: Cells;
  readonly stack_size_32: Cells;
  readonly protected_mode: Cells;
  readonly instruction_pointer: Cells;
  readonly instruction_counter: Cells;
  readonly in_hlt: Cells;
  readonly current_tsc: Cells;
  // restore_state replaces these three by plain values (v86: cpu.js, set_state).
  last_result: Cells;
  mxcsr: Cells;
  fpu_status_word: Cells;
  readonly jit_imports: WebAssembly.ModuleImports;
  readonly wm: { readonly wasm_table: WebAssembly.Table };
  readonly io: { readonly ports: IoPort[] };
  readonly devices: { readonly uart0: Uart; readonly uart1: Uart; readonly net?: unknown };
  reboot_internal: () => void;
  is_memory_zeroed(address: number, length: number): number;
  /** Called by save_state and restore_state. */
  pack_memory: () => { readonly packed_memory: Uint8Array; readonly bitmap: { get_buffer(): ArrayBuffer } };
  unpack_memory: () => void;
  update_state_flags(): void;
  full_clear_tlb(): void;
  jit_clear_cache(): void;
  jit_clear_func(index: number): void;
  codegen_finalize_finished(index: number, start: number, flags: number): void;
  store_current_tsc(): void;
  set_tsc(low: number, high: number): void;
}

/** The part of v86 below its public class. */
export interface Inner {
  readonly cpu: Cpu;
  init(settings: unknown): void;
  save_state(): ArrayBuffer;
  restore_state(state: ArrayBuffer): void;
}

export interface V86Emulator {
  readonly v86: Inner;
  add_listener(event: "emulator-loaded", listener: () => void): void;
  destroy(): Promise<void>;
}

/** Only the options that we use; some are wider than v86's typings (a disk object, no network card). */
export interface V86Options {
  readonly autostart: false;
  readonly memory_size: number;
  readonly vga_memory_size: number;
  readonly hda?: Disk;
  readonly uart1: true;
  readonly net_device: { readonly type: "none" };
  readonly disable_jit: boolean;
  readonly disable_keyboard: true;
  readonly disable_mouse: true;
  readonly disable_speaker: true;
  readonly wasm_fn: (imports: { readonly env: WebAssembly.ModuleImports }) => Promise<WebAssembly.Exports>;
}

const CPU_MEMBERS = {
  object: [
    "mem8 reg32 sreg segment_is_null segment_offsets segment_limits gdtr_offset gdtr_size cr cpl flags is_32",
    "stack_size_32 protected_mode instruction_pointer instruction_counter in_hlt current_tsc last_result mxcsr",
    "fpu_status_word jit_imports wm io devices",
  ],
  function: [
    "reboot_internal is_memory_zeroed pack_memory unpack_memory update_state_flags full_clear_tlb jit_clear_cache",
    "jit_clear_func codegen_finalize_finished store_current_tsc set_tsc",
  ],
};
const UART_MEMBERS = {
  object: ["input"],
  number: ["lsr iir baud_rate line_control modem_control modem_status fifo_control"],
  function: ["ThrowInterrupt ClearInterrupt"],
};
const INNER_MEMBERS = { object: ["cpu"], function: ["init save_state restore_state"] };

/** Throws an error that names the first member which is missing or of another type. */
export function requireMembers(what: string, thing: unknown, members: Record<string, string[]>): void {
  for (const [type, lists] of Object.entries(members))
    for (const name of lists.flatMap((list) => list.split(" "))) {
      const found =
        typeof thing === "object" && thing !== null ? typeof Reflect.get(thing, name) : "undefined";
      if (found !== type)
        throw new Error(
          `v86 has no ${type} ${what}.${name} (found: ${found}); this needs v86 ${V86_VERSION}`,
        );
    }
}

export function requireInner(emulator: V86Emulator): Inner {
  requireMembers("v86", emulator.v86, INNER_MEMBERS);
  return emulator.v86;
}

/** After `init`, when the devices exist. */
export function requireCpu(inner: Inner): Cpu {
  requireMembers("cpu", inner.cpu, CPU_MEMBERS);
  requireMembers("cpu.devices.uart0", inner.cpu.devices.uart0, UART_MEMBERS);
  requireMembers("cpu.devices.uart1", inner.cpu.devices.uart1, UART_MEMBERS);
  return inner.cpu;
}

type Construct = new (options: V86Options) => V86Emulator;

function isConstructor(value: unknown): value is Construct {
  return typeof value === "function";
}

export function newV86(options: V86Options): V86Emulator {
  const construct: unknown = V86;
  if (!isConstructor(construct))
    throw new Error(`the v86 package has no class V86; this needs v86 ${V86_VERSION}`);
  return new construct(options);
}
