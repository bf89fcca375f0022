// SPDX-License-Identifier: MIT
/**
 * A guest of 220 bytes, wrapped as a bzImage, for the tests of this folder. It prints 20 lines of everything that
 * may differ from run to run (TSC, RTC seconds, PIT count, RDRAND), each after a loop hot enough for the JIT, then
 * ">". From then on it echoes both ports, counts at 0x200000 what came in on the first, and does as it is told there:
 * D = print the TSC, Q = halt for good, R = reset, T = triple fault (on which v86 gives up).
 *
 * Made by `as --32` and `objcopy -O binary` from:
 *
 *   .code32
 * _start: movb $3, %al
 *   movw $0x3fc, %dx
 *   outb %al, %dx
 *   movw $0x2fc, %dx
 *   outb %al, %dx
 *   movl $20, %ecx
 * sample: pushl %ecx
 *   rdtsc
 *   call hex
 *   movb $10, %al
 *   outb %al, $0x70
 *   inb $0x71, %al
 *   movzbl %al, %eax
 *   call hex
 *   xorb %al, %al
 *   outb %al, $0x43
 *   inb $0x40, %al
 *   movb %al, %bl
 *   inb $0x40, %al
 *   movb %al, %bh
 *   movzwl %bx, %eax
 *   call hex
 *   rdrand %eax
 *   call hex
 *   movb $10, %al
 *   call putc
 *   movl $200000, %ecx
 * spin:   loop spin
 *   popl %ecx
 *   loop sample
 *   movb $'>', %al
 *   call putc
 * poll:   movw $0x2fd, %dx
 *   inb %dx, %al
 *   testb $1, %al
 *   jz com1
 *   movw $0x2f8, %dx
 *   inb %dx, %al
 *   outb %al, %dx
 * com1:   movw $0x3fd, %dx
 *   inb %dx, %al
 *   testb $1, %al
 *   jz poll
 *   movw $0x3f8, %dx
 *   inb %dx, %al
 *   cmpb $'Q', %al
 *   je quit
 *   cmpb $'R', %al
 *   je reset
 *   cmpb $'T', %al
 *   je triple
 *   cmpb $'D', %al
 *   je clock
 *   call putc
 *   incl 0x200000
 *   jmp poll
 * clock:  rdtsc
 *   call hex
 *   jmp poll
 * quit:   cli
 *   hlt
 *   jmp quit
 * reset:  movb $0xfe, %al
 *   outb %al, $0x64
 *   jmp reset
 * triple: pushl $0
 *   pushl $0
 *   lidt (%esp)
 *   int3
 * hex:    pushl %ecx
 *   movl $8, %ecx
 * digit:  roll $4, %eax
 *   pushl %eax
 *   andb $15, %al
 *   addb $'0', %al
 *   cmpb $'9', %al
 *   jbe 1f
 *   addb $39, %al
 * 1:      call putc
 *   popl %eax
 *   loop digit
 *   movb $' ', %al
 *   call putc
 *   popl %ecx
 *   ret
 * putc:   movw $0x3f8, %dx
 *   outb %al, %dx
 *   ret
 */
import { gzipSync } from "node:zlib";

const CODE = Buffer.from(
  "b00366bafc03ee66bafc02eeb914000000510f31e898000000b00ae670e4710fb6c0e88a00000030" +
    "c0e643e44088c3e44088c70fb7c3e8760000000fc7f0e86e000000b00ae88c000000b9400d0300e2" +
    "fe59e2bdb03ee87b00000066bafd02eca801740666baf802ecee66bafd03eca80174e866baf803ec" +
    "3c5174223c5274223c5474243c44740de849000000ff0500002000ebc60f31e815000000ebbdfaf4" +
    "ebfcb0fee664ebfa6a006a000f011c24cc51b908000000c1c00450240f04303c3976020427e80c00" +
    "000058e2eab020e80200000059c366baf803eec3",
  "hex",
);
const LOAD_ADDRESS = 0x100000;
/** The setup part of the smallest bzImage: two sectors. */
const SETUP_BYTES = 1024;
const ELF_HEADER_BYTES = 52;
const PROGRAM_HEADER_BYTES = 32;

/** An ELF file whose one segment is the guest's code, with `zeroBytes` to clear behind it. */
export function testKernelElf(zeroBytes = 4096): Buffer {
  const elf = Buffer.alloc(ELF_HEADER_BYTES + PROGRAM_HEADER_BYTES + CODE.length);
  elf.write("\x7fELF\x01\x01\x01", "latin1");
  elf.writeUInt16LE(2, 16); // ET_EXEC
  elf.writeUInt16LE(3, 18); // EM_386
  elf.writeUInt32LE(LOAD_ADDRESS, 24);
  elf.writeUInt32LE(ELF_HEADER_BYTES, 28);
  elf.writeUInt16LE(PROGRAM_HEADER_BYTES, 42);
  elf.writeUInt16LE(1, 44);
  const header = [1, ELF_HEADER_BYTES + PROGRAM_HEADER_BYTES, LOAD_ADDRESS, LOAD_ADDRESS];
  const words = [...header, CODE.length, CODE.length + zeroBytes];
  for (const [i, word] of words.entries()) elf.writeUInt32LE(word, ELF_HEADER_BYTES + 4 * i);
  CODE.copy(elf, ELF_HEADER_BYTES + PROGRAM_HEADER_BYTES);
  return elf;
}

/** Wraps an unpacked kernel as a bzImage of boot protocol 2.15. */
export function testKernelImage(elf = testKernelElf(), payload = gzipSync(elf)): Uint8Array {
  const setup = Buffer.alloc(SETUP_BYTES);
  setup[0x1f1] = SETUP_BYTES / 512 - 1;
  setup[0x201] = 0x66; // the header ends at 0x202 + this
  setup.write("HdrS", 0x202, "latin1");
  setup.writeUInt16LE(0x020f, 0x206);
  setup.writeUInt32LE(2047, 0x238);
  setup.writeUInt32LE(0, 0x248);
  setup.writeUInt32LE(payload.length, 0x24c);
  return new Uint8Array(Buffer.concat([setup, payload]));
}
