// SPDX-License-Identifier: MIT
/**
 * Leaves the emulated PC as a boot loader would at the first instruction of a 32-bit Linux kernel
 * (Documentation/arch/x86/boot.rst, "32-bit Boot Protocol"): flat protected mode, paging and interrupts off,
 * ESI = zero page. No firmware has run, so there are no BIOS tables either.
 */
import type { KernelImage } from "./KernelImage.ts";
import type { Cpu } from "./v86.ts";

const STACK_TOP = 0x8e000;
const GDT = 0x8f000;
const ZERO_PAGE = 0x90000;
const COMMAND_LINE = 0x9e000;
const LOW_MEMORY_END = 0x9fc00;
const HIGH_MEMORY = 0x100000;
const PAGE = 4096;

/** Offsets in struct boot_params, the zero page. */
const OFFSET = {
  E820_COUNT: 0x1e8,
  SETUP_HEADER: 0x1f1,
  LOADER_TYPE: 0x210,
  COMMAND_LINE: 0x228,
  E820: 0x2d0,
};
const LOADER_UNDEFINED = 0xff;
const E820_RAM = 1;
const E820_RESERVED = 2;

const BOOT_CS = 0x10;
const BOOT_DS = 0x18;
const FLAT_CODE = 0x00cf9a000000ffffn;
const FLAT_DATA = 0x00cf92000000ffffn;
/** v86 numbers: registers eax ecx edx ebx esp ebp esi edi, segments es cs ss ds fs gs. */
const REG = { EBX: 3, ESP: 4, EBP: 5, ESI: 6, EDI: 7 };
const SEGMENTS = 6;
const CS = 1;

export function bootLinux(cpu: Cpu, kernel: KernelImage, commandLine: string): void {
  const memory = new Uint8Array(cpu.mem8.buffer, cpu.mem8.byteOffset, cpu.mem8.length);
  loadSegments(memory, kernel);
  writeCommandLine(memory, kernel, commandLine);
  writeZeroPage(memory, kernel);
  enterProtectedMode(cpu, memory);
  cpu.reg32[REG.ESI] = ZERO_PAGE;
  cpu.reg32[REG.ESP] = STACK_TOP;
  for (const register of [REG.EBX, REG.EBP, REG.EDI]) cpu.reg32[register] = 0;
  cpu.instruction_pointer[0] = kernel.entry;
  cpu.update_state_flags();
  cpu.full_clear_tlb();
  cpu.jit_clear_cache();
}

function loadSegments(memory: Uint8Array, kernel: KernelImage): void {
  for (const { address, data, zeroBytes } of kernel.segments) {
    const end = address + data.length + zeroBytes;
    if (address < HIGH_MEMORY || end > memory.length)
      throw new Error(
        `the kernel image cannot be booted: it wants memory from 0x${address.toString(16)} to 0x${end.toString(16)}, ` +
          `but this machine has 0x${HIGH_MEMORY.toString(16)} to 0x${memory.length.toString(16)}`,
      );
    memory.set(data, address);
    memory.fill(0, address + data.length, end);
  }
}

function writeCommandLine(memory: Uint8Array, kernel: KernelImage, commandLine: string): void {
  const bytes = new TextEncoder().encode(commandLine);
  const room = Math.min(kernel.commandLineBytes, LOW_MEMORY_END - COMMAND_LINE - 1);
  if (bytes.length > room)
    throw new Error(`the kernel command line has ${bytes.length} bytes, the kernel takes at most ${room}`);
  memory.set(bytes, COMMAND_LINE);
  memory[COMMAND_LINE + bytes.length] = 0;
}

function writeZeroPage(memory: Uint8Array, kernel: KernelImage): void {
  memory.fill(0, ZERO_PAGE, ZERO_PAGE + PAGE);
  memory.set(kernel.setupHeader, ZERO_PAGE + OFFSET.SETUP_HEADER);
  const view = new DataView(memory.buffer, memory.byteOffset + ZERO_PAGE, PAGE);
  view.setUint8(OFFSET.LOADER_TYPE, LOADER_UNDEFINED);
  view.setUint32(OFFSET.COMMAND_LINE, COMMAND_LINE, true);
  const map = [
    { from: 0, to: LOW_MEMORY_END, type: E820_RAM },
    { from: LOW_MEMORY_END, to: HIGH_MEMORY, type: E820_RESERVED },
    { from: HIGH_MEMORY, to: memory.length, type: E820_RAM },
  ];
  view.setUint8(OFFSET.E820_COUNT, map.length);
  for (const [i, { from, to, type }] of map.entries()) {
    const entry = OFFSET.E820 + i * 20;
    view.setBigUint64(entry, BigInt(from), true);
    view.setBigUint64(entry + 8, BigInt(to - from), true);
    view.setUint32(entry + 16, type, true);
  }
}

function enterProtectedMode(cpu: Cpu, memory: Uint8Array): void {
  const gdt = new DataView(memory.buffer, memory.byteOffset + GDT, 32);
  gdt.setBigUint64(BOOT_CS, FLAT_CODE, true);
  gdt.setBigUint64(BOOT_DS, FLAT_DATA, true);
  cpu.gdtr_offset[0] = GDT;
  cpu.gdtr_size[0] = 31;
  cpu.cr[0] = 1; // PE
  cpu.protected_mode[0] = 1;
  cpu.is_32[0] = 1;
  cpu.stack_size_32[0] = 1;
  cpu.flags[0] = 2; // the bit that is always set; interrupts off
  cpu.cpl[0] = 0;
  for (let segment = 0; segment < SEGMENTS; segment++) {
    cpu.segment_is_null[segment] = 0;
    cpu.segment_offsets[segment] = 0;
    cpu.segment_limits[segment] = 0xffffffff;
    cpu.sreg[segment] = segment === CS ? BOOT_CS : BOOT_DS;
  }
}
