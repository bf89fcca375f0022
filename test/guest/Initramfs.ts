// SPDX-License-Identifier: MIT
// An archive that the kernel unpacks over its own root file system before the first program runs (cpio, "newc").

const HEADER_FIELDS = 13;
const REGULAR = 0o100000;
const TRAILER = "TRAILER!!!";

export interface InitramfsFile {
  /** Path without a leading slash. */
  readonly name: string;
  readonly mode: number;
  readonly data: Uint8Array;
}

function header(ino: number, mode: number, size: number, nameBytes: number): string {
  const fields = new Array<number>(HEADER_FIELDS).fill(0);
  fields[0] = ino;
  fields[1] = mode;
  fields[4] = 1; // links
  fields[6] = size;
  fields[11] = nameBytes;
  return `070701${fields.map((value) => value.toString(16).padStart(8, "0")).join("")}`;
}

/** Names (with their header) and contents are each padded to four bytes. */
function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}

function entry(ino: number, name: string, mode: number, data: Uint8Array): Buffer[] {
  const head = header(ino, mode, data.length, Buffer.byteLength(name) + 1);
  return [padded(Buffer.from(`${head}${name}\0`)), padded(data)];
}

export function initramfs(files: readonly InitramfsFile[]): Buffer {
  const entries = files.flatMap(({ name, mode, data }, i) => entry(i + 1, name, REGULAR | mode, data));
  return Buffer.concat([...entries, ...entry(0, TRAILER, 0, new Uint8Array())]);
}
