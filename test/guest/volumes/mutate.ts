// SPDX-License-Identifier: MIT
// Damaged variants of a volume, the same ones for the same seed: edits that hit metadata where it hurts.

export interface Edit {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export interface Mutant {
  readonly name: string;
  readonly edits: readonly Edit[];
}

/** Index node, inode table leaf, orphan leaf, data leaf, log block. */
const MAGICS = new Set([0xb4de, 0x90de, 0x6eaf, 0xbeaf, 0x10ad]);
const SUPER_OFFSET = 4096;
const SUPER_BYTES = 100;
/** What a field of 16, 32, 48 or 64 bits least expects. */
const EXTREMES = ["00", "01", "7f", "80", "fe", "ff"];
/** Metadata begins with 16 to 64 bytes of header and first entries: half of all edits go there. */
const HEAD_BYTES = 64;

/** Mulberry32: small, seeded, good enough to pick places. */
export function random(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

interface Region {
  readonly offset: number;
  readonly length: number;
}

/** The superblock, every block with a magic, and every other block in use (directories, tables, data). */
function regionsOf(image: Buffer, blocksize: number): Region[] {
  const superblock = { offset: SUPER_OFFSET, length: SUPER_BYTES };
  const marked: Region[] = [];
  const others: Region[] = [];
  for (let offset = 2 * SUPER_OFFSET; offset + blocksize <= image.length; offset += blocksize) {
    const region = { offset, length: blocksize };
    if (MAGICS.has(image.readUInt16BE(offset))) marked.push(region);
    else if (image.subarray(offset, offset + blocksize).some((byte) => byte !== 0)) others.push(region);
  }
  // One in five edits hits the superblock, most the rest of the metadata.
  const weight = Math.ceil((marked.length * 4 + others.length) / 4);
  return [
    ...new Array<Region>(weight).fill(superblock),
    ...marked,
    ...marked,
    ...marked,
    ...marked,
    ...others,
  ];
}

interface Context {
  readonly image: Buffer;
  readonly blocksize: number;
  readonly regions: readonly Region[];
  readonly pick: (below: number) => number;
}

function place({ regions, pick }: Context, bytes: number, align: number): number {
  const region = regions[pick(regions.length)] ?? { offset: SUPER_OFFSET, length: SUPER_BYTES };
  const length = pick(2) === 0 ? Math.min(region.length, HEAD_BYTES) : region.length;
  return region.offset + Math.floor(pick(length - bytes + 1) / align) * align;
}

function flip(context: Context): Edit[] {
  const offset = place(context, 1, 1);
  return [{ offset, bytes: Buffer.of((context.image[offset] ?? 0) ^ (1 << context.pick(8))) }];
}

function extreme(context: Context): Edit[] {
  const bytes = [1, 2, 4, 6, 8][context.pick(5)] ?? 1;
  const fill = EXTREMES[context.pick(EXTREMES.length)] ?? "ff";
  const value = Buffer.from(
    context.pick(2) === 0 ? fill.repeat(bytes) : fill.padStart(2 * bytes, "0"),
    "hex",
  );
  return [{ offset: place(context, bytes, 2), bytes: value }];
}

function zero(context: Context): Edit[] {
  const bytes = 2 + context.pick(63);
  return [{ offset: place(context, bytes, 1), bytes: Buffer.alloc(bytes) }];
}

function swap(context: Context): Edit[] {
  const [a, b] = [place(context, 8, 2), place(context, 8, 2)];
  const take = (offset: number) => Buffer.from(context.image.subarray(offset, offset + 8));
  return [
    { offset: a, bytes: take(b) },
    { offset: b, bytes: take(a) },
  ];
}

/** Points a 48-bit number at other metadata: circles, shared children, a leaf where a node should be. */
function repoint(context: Context): Edit[] {
  const target = Math.floor(place(context, 1, 1) / context.blocksize);
  const bytes = Buffer.alloc(6);
  bytes.writeUIntBE(target, 0, 6);
  return [{ offset: place(context, 8, 8) + 2, bytes }];
}

/** Puts one block of metadata in another's place. */
function copy(context: Context): Edit[] {
  const block = () => Math.floor(place(context, 1, 1) / context.blocksize) * context.blocksize;
  const from = block();
  const bytes = Buffer.from(context.image.subarray(from, from + context.blocksize));
  return [{ offset: block(), bytes }];
}

const KINDS = { flip, extreme, zero, swap, repoint, copy };

/** `count` damaged variants of the image, of all kinds in turn, with one to three edits each. */
export function mutants(image: Buffer, blocksize: number, count: number, seed: number): Mutant[] {
  const context = { image, blocksize, regions: regionsOf(image, blocksize), pick: random(seed) };
  const kinds = Object.entries(KINDS);
  return Array.from({ length: count }, (_, i) => {
    const [kind, make] = kinds[i % kinds.length] ?? ["flip", flip];
    const edits = Array.from({ length: 1 + context.pick(3) }, () => make(context)).flat();
    return { name: `${kind}-${i}`, edits };
  });
}

/** One text line per mutant, as damage.c reads it. */
export function encodeMutants(all: readonly Mutant[]): string {
  const edit = ({ offset, bytes }: Edit) => `${offset} ${Buffer.from(bytes).toString("hex")}`;
  return all.map(({ name, edits }) => `${name} ${edits.map(edit).join(" ")}\n`).join("");
}
