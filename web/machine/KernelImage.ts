// SPDX-License-Identifier: MIT
/**
 * Takes a Linux bzImage apart on the host, so that nothing has to be unpacked inside the guest: setup header ->
 * gzip payload -> ELF kernel -> the segments and where they belong in physical memory.
 * Layout: Documentation/arch/x86/boot.rst (protocol 2.08 or newer has payload_offset) and elf(5).
 */
import { gunzip } from "./gzip.ts";

export interface Segment {
  readonly address: number;
  readonly data: Uint8Array;
  /** Bytes to clear after `data`. */
  readonly zeroBytes: number;
}

export interface KernelImage {
  /** Bytes from 0x1f1 of the image: they go to the same place of the zero page. */
  readonly setupHeader: Uint8Array;
  readonly commandLineBytes: number;
  readonly entry: number;
  readonly segments: readonly Segment[];
}

const SETUP = { SECTORS: 0x1f1, JUMP_LENGTH: 0x201, MAGIC: 0x202, VERSION: 0x206, CMDLINE_SIZE: 0x238 };
const PAYLOAD = { OFFSET: 0x248, LENGTH: 0x24c };
const HEADER_END = 0x268;
const MAGIC_HDRS = 0x53726448;
const ELF_MAGIC = 0x464c457f;
const ELF_32_LITTLE = 0x0101;
const EM_386 = 3;
const PT_LOAD = 1;
const PROGRAM_HEADER_BYTES = 32;

function refuse(why: string): never {
  throw new Error(
    `the kernel image cannot be booted: ${why}; a 32-bit x86 bzImage with CONFIG_KERNEL_GZIP is needed`,
  );
}

export async function parseKernelImage(image: Uint8Array): Promise<KernelImage> {
  if (image.length < HEADER_END) refuse(`it has only ${image.length} bytes`);
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  if (view.getUint32(SETUP.MAGIC, true) !== MAGIC_HDRS) refuse("it has no Linux setup header");
  const version = view.getUint16(SETUP.VERSION, true);
  if (version < 0x0208) refuse(`its boot protocol is 0x${version.toString(16)}, older than 0x208`);
  const elf = await unpackPayload(image, view);
  return {
    setupHeader: image.slice(SETUP.SECTORS, SETUP.MAGIC + view.getUint8(SETUP.JUMP_LENGTH)),
    commandLineBytes: view.getUint32(SETUP.CMDLINE_SIZE, true),
    ...parseElf(elf),
  };
}

async function unpackPayload(image: Uint8Array, view: DataView): Promise<Uint8Array> {
  const protectedMode = ((view.getUint8(SETUP.SECTORS) || 4) + 1) * 512;
  const start = protectedMode + view.getUint32(PAYLOAD.OFFSET, true);
  const end = start + view.getUint32(PAYLOAD.LENGTH, true);
  if (end > image.length) refuse(`its payload ends at byte ${end}, but the image has ${image.length}`);
  const payload = image.subarray(start, end);
  if (payload[0] !== 0x1f || payload[1] !== 0x8b) refuse("its payload is not gzip");
  try {
    return await gunzip(payload);
  } catch (error) {
    return refuse(`its payload does not unpack (${error})`);
  }
}

function parseElf(elf: Uint8Array): { entry: number; segments: Segment[] } {
  const view = new DataView(elf.buffer, elf.byteOffset, elf.byteLength);
  if (elf.length < 52 || view.getUint32(0, true) !== ELF_MAGIC) refuse("its payload is not an ELF file");
  if (view.getUint16(4, true) !== ELF_32_LITTLE || view.getUint16(18, true) !== EM_386)
    refuse("its kernel is not 32-bit x86");
  const table = view.getUint32(28, true);
  const count = view.getUint16(44, true);
  if (view.getUint16(42, true) !== PROGRAM_HEADER_BYTES || table + count * PROGRAM_HEADER_BYTES > elf.length)
    refuse("its ELF program headers are damaged");
  const segments = Array.from({ length: count }, (_, i) =>
    parseSegment(elf, view, table + i * PROGRAM_HEADER_BYTES),
  );
  const loaded = segments.filter((segment) => segment !== undefined);
  if (loaded.length === 0) refuse("its ELF file has nothing to load");
  return { entry: view.getUint32(24, true), segments: loaded };
}

function parseSegment(elf: Uint8Array, view: DataView, header: number): Segment | undefined {
  if (view.getUint32(header, true) !== PT_LOAD) return undefined;
  const offset = view.getUint32(header + 4, true);
  const address = view.getUint32(header + 12, true);
  const fileBytes = view.getUint32(header + 16, true);
  const memoryBytes = view.getUint32(header + 20, true);
  if (offset + fileBytes > elf.length || memoryBytes < fileBytes) refuse("an ELF segment is damaged");
  return { address, data: elf.subarray(offset, offset + fileBytes), zeroBytes: memoryBytes - fileBytes };
}
