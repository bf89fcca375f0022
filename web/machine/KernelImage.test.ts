// SPDX-License-Identifier: MIT
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseKernelImage } from "./KernelImage.ts";
import { testKernelElf, testKernelImage } from "./testGuest.ts";

function patched(bytes: Uint8Array, offset: number, ...values: number[]): Uint8Array {
  const copy = new Uint8Array(bytes);
  copy.set(values, offset);
  return copy;
}

const good = testKernelImage();
const elf = testKernelElf();
/** Where the program header of the test kernel is. */
const HEADER = 52;

test("gives the segments of the kernel and its entry", async () => {
  const kernel = await parseKernelImage(good);
  expect(kernel.entry).toBe(0x100000);
  expect(kernel.commandLineBytes).toBe(2047);
  expect(kernel.segments).toHaveLength(1);
  expect(kernel.segments[0]).toMatchObject({ address: 0x100000, zeroBytes: 4096 });
  expect(Buffer.from(kernel.segments[0]?.data ?? []).equals(elf.subarray(HEADER + 32))).toBe(true);
});

describe("a foreign or damaged image is refused:", () => {
  const cases: [why: string, image: Uint8Array][] = [
    ["it has only 10 bytes", good.subarray(0, 10)],
    ["it has no Linux setup header", patched(good, 0x202, 0)],
    ["its boot protocol is 0x202, older than 0x208", patched(good, 0x206, 2, 2)],
    ["its payload ends at byte", good.subarray(0, good.length - 1)],
    ["its payload is not gzip", patched(good, 1024, 0xfd, 0x37)],
    ["its payload does not unpack", patched(good, 1024 + 20, 0xff, 0xff, 0xff, 0xff)],
    ["its payload is not an ELF file", testKernelImage(elf, gzipSync("not a kernel"))],
    ["its kernel is not 32-bit x86", testKernelImage(Buffer.from(patched(elf, 4, 2)))],
    ["its kernel is not 32-bit x86", testKernelImage(Buffer.from(patched(elf, 18, 62)))],
    ["its ELF program headers are damaged", testKernelImage(Buffer.from(patched(elf, 44, 0xff, 0xff)))],
    ["its ELF file has nothing to load", testKernelImage(Buffer.from(patched(elf, HEADER, 2)))],
    ["an ELF segment is damaged", testKernelImage(Buffer.from(patched(elf, HEADER + 7, 0x70)))],
    ["an ELF segment is damaged", testKernelImage(Buffer.from(patched(elf, HEADER + 20, 1, 0, 0, 0)))],
  ];
  test.each(cases)("%s", async (why, image) => {
    await expect(parseKernelImage(image)).rejects.toThrow(`the kernel image cannot be booted: ${why}`);
  });

  test("whatever the bytes are, with a sentence", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), async (offset, value) => {
        const result = await parseKernelImage(patched(good, offset, value)).catch((error: unknown) => error);
        if (result instanceof Error) expect(result.message).toMatch(/^the kernel image cannot be booted: /);
      }),
    );
  });
});
