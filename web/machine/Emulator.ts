// SPDX-License-Identifier: MIT
/**
 * One instance of v86, made deterministic from outside: virtual time and chance through its wasm imports and the
 * realm's globals, compiled code installed between ticks only. Everything here is synchronous and a pure function
 * of what it was given; when to run, and how fast, is decided by LocalMachine.
 */
import { bootLinux } from "./bootLinux.ts";
import { Disk } from "./Disk.ts";
import { GuestClock } from "./GuestClock.ts";
import type { KernelImage } from "./KernelImage.ts";
import type { Hardware } from "./Machine.ts";
import { Port } from "./Port.ts";
import { Random } from "./Random.ts";
import { type GuestSenses, insideGuest } from "./Realm.ts";
import { alignTsc } from "./tsc.ts";
import {
  ADDRESS,
  type Cpu,
  type Inner,
  JIT_TABLE_BASE,
  newV86,
  requireCpu,
  requireInner,
  type V86Emulator,
} from "./v86.ts";

/** The smallest that v86 takes; our guest has no graphics, and v86 stores all of it in its state. */
const VGA_MEMORY_BYTES = 256 * 1024;
/** A halted guest whose timer is due must not stand still. */
const LEAST_IDLE_MS = 0.001;
const PAGE_BYTES = 4096;
const COM1 = 0x3f8;
const COM2 = 0x2f8;

export type Death = "halt" | "reset";

interface JitModule {
  readonly index: number;
  readonly start: number;
  readonly flags: number;
  readonly run: WebAssembly.ExportValue;
}

interface Parts {
  readonly v86: V86Emulator;
  readonly inner: Inner;
  readonly cpu: Cpu;
  readonly console: Port;
  readonly bridge: Port;
}

/** What v86's own saved state leaves out or restores wrongly. */
export interface Leftovers {
  readonly instructions: number;
  readonly counter: number;
  readonly idleMs: number;
  readonly ticks: number;
  readonly jitModules: number;
  readonly random: number;
  readonly lastResult: number;
  readonly mxcsr: number;
  readonly fpuStatus: number;
  readonly consoleUnread: number[];
  readonly bridgeUnread: number[];
}

export class Emulator implements GuestSenses {
  readonly disk: Disk;
  readonly clock: GuestClock;
  readonly epochMs: number;
  #random: Random;
  /** Nothing has been in its memory yet. */
  #fresh = true;
  #ticks = 0;
  #jitModules = 0;
  #death: Death | undefined;
  #compiled: JitModule[] = [];
  #memory: WebAssembly.Memory | undefined;
  #words = new Uint32Array(0);
  #mainLoop: () => number = () => 0;
  #parts: Parts | undefined;

  private constructor(hardware: Hardware, volume: Uint8Array | undefined) {
    this.disk = new Disk(volume ?? new Uint8Array(0));
    this.epochMs = hardware.epochMs;
    this.#random = new Random(hardware.seed);
    this.clock = new GuestClock(hardware.mips, () => this.#word(ADDRESS.instruction_counter));
  }

  /** Powers a PC up that has nothing in its memory yet. */
  static async create(hardware: Hardware, wasm: WebAssembly.Module, volume?: Uint8Array): Promise<Emulator> {
    const emulator = new Emulator(hardware, volume);
    await emulator.#build(hardware, wasm);
    return emulator;
  }

  get console(): Port {
    return this.#built.console;
  }
  get bridge(): Port {
    return this.#built.bridge;
  }
  get ticks(): number {
    return this.#ticks;
  }
  /** Compiled since power-on. */
  get jitModules(): number {
    return this.#jitModules;
  }
  /** Why the guest can never run again, if so. */
  get death(): Death | undefined {
    return this.#death;
  }
  get ram(): Uint8Array {
    const { mem8 } = this.#built.cpu;
    return new Uint8Array(mem8.buffer, mem8.byteOffset, mem8.length);
  }

  // GuestSenses
  nowMs(): number {
    return this.clock.nowMs;
  }
  random(): number {
    return this.#random.nextFraction();
  }

  boot(kernel: KernelImage, commandLine: string): void {
    this.#fresh = false;
    bootLinux(this.#built.cpu, kernel, commandLine);
  }

  /**
   * Runs one slice (about 100,000 to 300,000 instructions, or until the guest halts). Returns how many milliseconds
   * the guest has nothing to do for: the caller skips them, or fewer when input comes; 0 = busy.
   */
  tick(): number {
    const wanted = insideGuest(this, this.#mainLoop);
    this.#installCompiled();
    this.#ticks++;
    const halted = (this.#word(ADDRESS.in_hlt) & 0xff) !== 0;
    return wanted > 0 || halted ? Math.max(wanted, LEAST_IDLE_MS) : 0;
  }

  /** Input enters between two ticks only; an interrupt may begin at once. */
  feed(port: Port, bytes: Uint8Array): void {
    insideGuest(this, () => port.feed(bytes));
  }

  /** Everything but memory. */
  save(): { state: Uint8Array; leftovers: Leftovers } {
    const { cpu, inner } = this.#built;
    // Saving stores the TSC. v86 counts equal readings of it, so a reading of another time goes before: then saving
    // twice gives the same bytes, and the guest cannot tell that it was saved.
    this.clock.frozenAt(0, () => cpu.store_current_tsc());
    const state = this.clock.frozenAt(this.clock.nowMs, () => insideGuest(this, () => inner.save_state()));
    return { state: new Uint8Array(state), leftovers: this.#leftovers() };
  }

  /** The pages of memory that are not all zero: from and to, in bytes, ascending. */
  filled(): [from: number, to: number][] {
    const { mem8, is_memory_zeroed } = this.#built.cpu;
    const found: [from: number, to: number][] = [];
    for (let page = 0; page < mem8.length; page += PAGE_BYTES) {
      if (is_memory_zeroed(page, PAGE_BYTES)) continue;
      const last = found.at(-1);
      if (last?.[1] === page) last[1] += PAGE_BYTES;
      else found.push([page, page + PAGE_BYTES]);
    }
    return found;
  }

  /**
   * Works on a fresh instance only: v86 keeps traces of its past (hash order of the JIT, TSC offset). `ram` has its
   * content already.
   */
  restore(state: Uint8Array, saved: Leftovers): void {
    if (!this.#fresh)
      throw new Error("a checkpoint can only be restored into an emulator that has never run");
    this.#fresh = false;
    const { inner, cpu } = this.#built;
    const { last_result, fpu_status_word, mxcsr } = cpu;
    this.#setCounter(saved.counter);
    this.clock.restore(saved.instructions, saved.idleMs);
    insideGuest(this, () => inner.restore_state(exactBuffer(state)));
    // v86 replaced the views by values
    Object.assign(cpu, { last_result, fpu_status_word, mxcsr });
    this.#setCounter(saved.counter);
    this.#restoreLeftovers(saved);
  }

  async dispose(): Promise<void> {
    await this.#parts?.v86.destroy();
    this.#parts = undefined;
    this.#mainLoop = () => 0;
    this.#memory = undefined;
    this.#words = new Uint32Array(0);
  }

  get #built(): Parts {
    if (!this.#parts) throw new Error("the emulator is not built, or disposed already");
    return this.#parts;
  }

  async #build(hardware: Hardware, wasm: WebAssembly.Module): Promise<void> {
    let exported: Promise<WebAssembly.Exports> | undefined;
    const v86 = newV86({
      autostart: false,
      memory_size: hardware.memoryBytes,
      vga_memory_size: VGA_MEMORY_BYTES,
      ...(this.disk.byteLength > 0 && { hda: this.disk }),
      uart1: true,
      net_device: { type: "none" },
      disable_jit: !hardware.jit,
      disable_keyboard: true,
      disable_mouse: true,
      disable_speaker: true,
      wasm_fn: ({ env }) => {
        exported = this.#instantiate(env, wasm);
        return exported;
      },
    });
    const loaded = new Promise<void>((resolve) => v86.add_listener("emulator-loaded", resolve));
    await exported;
    // v86 has continued by now (it waited first), up to a timer that will build the devices through `init`.
    const inner = requireInner(v86);
    const init = inner.init.bind(inner);
    const broken = new Promise<never>((_, reject) => {
      inner.init = (settings) => {
        try {
          insideGuest(this, () => init(settings));
        } catch (error) {
          reject(new Error(`the emulated PC cannot be built: ${error}`));
        }
      };
    });
    await Promise.race([loaded, broken]);
    this.#connect(v86, inner);
  }

  #connect(v86: V86Emulator, inner: Inner): void {
    const cpu = requireCpu(inner);
    const { uart0, uart1 } = cpu.devices;
    this.#parts = {
      v86,
      inner,
      cpu,
      console: new Port(cpu, uart0, COM1),
      bridge: new Port(cpu, uart1, COM2),
    };
    cpu.reboot_internal = () => {
      this.#death = "reset";
    };
    // Memory is saved and restored apart from v86's own state, which would hold it three times.
    cpu.pack_memory = () => ({
      packed_memory: new Uint8Array(0),
      bitmap: { get_buffer: () => new ArrayBuffer(0) },
    });
    cpu.unpack_memory = () => {};
    this.#alignTsc();
  }

  async #instantiate(env: WebAssembly.ModuleImports, wasm: WebAssembly.Module): Promise<WebAssembly.Exports> {
    Object.assign(env, {
      microtick: () => this.clock.read(),
      get_rand_int: () => this.#random.nextInt32(),
      stop_idling: () => {},
      cpu_event_halt: () => {
        this.#death = "halt";
      },
      codegen_finalize: this.#compile.bind(this),
    });
    const { exports } = await WebAssembly.instantiate(wasm, { env });
    const { memory, main_loop } = exports;
    if (!(memory instanceof WebAssembly.Memory) || typeof main_loop !== "function")
      throw new Error("v86.wasm does not export memory and main_loop");
    this.#memory = memory;
    this.#mainLoop = () => main_loop();
    return exports;
  }

  /** v86 wants a piece of hot code compiled: done at once, but installed after the tick (v86 holds a lock now). */
  #compile(index: number, start: number, flags: number, pointer: number, length: number): void {
    const { buffer } = this.#memory ?? new WebAssembly.Memory({ initial: 0 });
    const module = new WebAssembly.Module(new Uint8Array(buffer, pointer >>> 0, length >>> 0));
    const { f } = new WebAssembly.Instance(module, { e: this.#built.cpu.jit_imports }).exports;
    if (!f) throw new Error("v86 generated a module without the function f");
    this.#compiled.push({ index, start, flags, run: f });
    this.#jitModules++;
  }

  #installCompiled(): void {
    for (const { index, start, flags, run } of this.#compiled) {
      this.#built.cpu.wm.wasm_table.set(index + JIT_TABLE_BASE, run);
      this.#built.cpu.codegen_finalize_finished(index, start, flags);
    }
    this.#compiled.length = 0;
  }

  /** A word of CPU state. Wasm memory moves when it grows. */
  #word(address: number): number {
    if (this.#words.length === 0 || this.#words.buffer !== this.#memory?.buffer)
      this.#words = this.#memory ? new Uint32Array(this.#memory.buffer) : new Uint32Array(0);
    return this.#words[address >> 2] ?? 0;
  }

  #setCounter(value: number): void {
    this.#word(ADDRESS.instruction_counter);
    this.#words[ADDRESS.instruction_counter >> 2] = value;
  }

  #leftovers(): Leftovers {
    return {
      instructions: this.clock.instructions,
      counter: this.#word(ADDRESS.instruction_counter),
      idleMs: this.clock.idleMs,
      ticks: this.#ticks,
      jitModules: this.#jitModules,
      random: this.#random.state,
      lastResult: this.#word(ADDRESS.last_result),
      mxcsr: this.#word(ADDRESS.mxcsr),
      fpuStatus: this.#word(ADDRESS.fpu_status_word) & 0xffff,
      consoleUnread: [...this.console.unread],
      bridgeUnread: [...this.bridge.unread],
    };
  }

  #restoreLeftovers(saved: Leftovers): void {
    const { cpu } = this.#built;
    cpu.last_result[0] = saved.lastResult;
    cpu.mxcsr[0] = saved.mxcsr;
    cpu.fpu_status_word[0] = saved.fpuStatus;
    this.console.unread = Uint8Array.from(saved.consoleUnread);
    this.bridge.unread = Uint8Array.from(saved.bridgeUnread);
    this.#random = new Random(saved.random);
    this.#ticks = saved.ticks;
    this.#jitModules = saved.jitModules;
    this.#alignTsc();
    this.clock.restore(saved.instructions, saved.idleMs);
  }

  #alignTsc(): void {
    insideGuest(this, () => alignTsc(this.#built.cpu, this.clock));
  }
}

/** v86 reads the whole ArrayBuffer behind what it is given. */
function exactBuffer(bytes: Uint8Array): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = bytes;
  if (buffer instanceof ArrayBuffer && byteOffset === 0 && byteLength === buffer.byteLength) return buffer;
  return new Uint8Array(bytes).buffer;
}
