// SPDX-License-Identifier: MIT
// Pins what we rely on inside v86: an upgrade that changes any of it fails here, by name.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEFAULT_HARDWARE } from "./Machine.ts";
import {
  ADDRESS,
  type Cpu,
  JIT_TABLE_BASE,
  LOW_MEMORY_BYTES,
  newV86,
  requireCpu,
  requireInner,
  requireMembers,
  V86_VERSION,
  V86_WASM_BYTES,
  V86_WASM_SHA256,
  type V86Emulator,
} from "./v86.ts";

const require = createRequire(import.meta.url);
const wasm = readFileSync(require.resolve("v86/build/v86.wasm"));

test("is the release that checkpoints name", () => {
  expect(require("v86/package.json").version).toBe(V86_VERSION);
  expect(createHash("sha256").update(wasm).digest("hex")).toBe(V86_WASM_SHA256);
  expect(wasm.length).toBe(V86_WASM_BYTES);
});

test("a missing member is named", () => {
  const members = { function: ["set_tsc"] };
  expect(() => requireMembers("cpu", { set_tsc: 5 }, members)).toThrow(
    "no function cpu.set_tsc (found: number)",
  );
});

describe("inside an emulator", () => {
  let v86: V86Emulator;
  let cpu: Cpu;
  let memory: WebAssembly.Memory;
  const imports: string[] = [];

  beforeAll(async () => {
    v86 = newV86({
      autostart: false,
      memory_size: DEFAULT_HARDWARE.memoryBytes,
      vga_memory_size: 256 * 1024,
      uart1: true,
      net_device: { type: "none" },
      disable_jit: false,
      disable_keyboard: true,
      disable_mouse: true,
      disable_speaker: true,
      wasm_fn: async ({ env }) => {
        imports.push(...Object.keys(env));
        const { instance } = await WebAssembly.instantiate(new Uint8Array(wasm), { env });
        if (instance.exports.memory instanceof WebAssembly.Memory) memory = instance.exports.memory;
        return instance.exports;
      },
    });
    await new Promise<void>((resolve) => v86.add_listener("emulator-loaded", resolve));
    cpu = requireCpu(requireInner(v86));
  });

  afterAll(() => v86.destroy());

  test.each(Object.entries(ADDRESS))("cpu.%s is at address %i", (name, address) => {
    const cells: unknown = Reflect.get(cpu, name);
    const view = new DataView(memory.buffer);
    const before = view.getUint8(address);
    view.setUint8(address, 0x5a);
    expect(typeof cells === "object" && cells !== null && Number(Reflect.get(cells, "0")) & 0xff).toBe(0x5a);
    view.setUint8(address, before);
  });

  test.each(["microtick", "get_rand_int", "stop_idling", "cpu_event_halt", "codegen_finalize"])(
    "wasm imports %s",
    (name) => {
      expect(imports).toContain(name);
    },
  );

  test("JIT modules begin at JIT_TABLE_BASE of the function table", () => {
    const { wasm_table } = cpu.wm;
    wasm_table.set(JIT_TABLE_BASE + 7, cpu.jit_imports.get_eflags);
    cpu.jit_clear_func(7);
    expect(wasm_table.get(JIT_TABLE_BASE + 7)).toBe(null);
  });

  test("memory is zero at first, but for what lies low", () => {
    expect(cpu.mem8.length).toBe(DEFAULT_HARDWARE.memoryBytes);
    expect(cpu.mem8.subarray(LOW_MEMORY_BYTES).every((byte) => byte === 0)).toBe(true);
  });

  test("memory is saved by pack_memory alone", () => {
    const { pack_memory } = cpu;
    const inner = requireInner(v86);
    cpu.mem8.fill(0x5a, 4096, 2 * 4096);
    const whole = inner.save_state().byteLength;
    cpu.pack_memory = () => ({
      packed_memory: new Uint8Array(0),
      bitmap: { get_buffer: () => new ArrayBuffer(0) },
    });
    expect(whole - inner.save_state().byteLength).toBeGreaterThan(4096);
    Object.assign(cpu, { pack_memory });
    cpu.mem8.fill(0, 4096, 2 * 4096);
  });

  test("there is no network card", () => {
    expect(cpu.devices.net).toBeUndefined();
  });

  test("the serial ports write through cpu.io.ports", () => {
    expect(cpu.io.ports[0x3f8]?.write8).not.toBe(cpu.io.ports[0x3f0]?.write8);
    expect(cpu.io.ports[0x2f8]?.write8).not.toBe(cpu.io.ports[0x3f8]?.write8);
  });
});
