// SPDX-License-Identifier: MIT
/**
 * The IDE disk: a volume that never changes, under a layer of the sectors that the guest has written. It has the
 * shape that v86 asks of a disk (`get`, `set`, `load`, ...), and gives v86 only the changed sectors for its state.
 */
import * as v from "valibot";

export const SECTOR_BYTES = 512;

export interface DiskStats {
  /** Commands served and sectors moved since power-on. */
  readonly reads: number;
  readonly sectorsRead: number;
  readonly writes: number;
  readonly sectorsWritten: number;
  /** Sectors that differ from the volume the machine started with. */
  readonly changedSectors: number;
}

/** Sector numbers in ascending order, their contents one after the other, and the four counts. */
const SavedDiskSchema = v.pipe(
  v.tuple([v.instance(Uint32Array), v.instance(Uint8Array), v.instance(Uint32Array)]),
  v.check(
    ([numbers, data]) => data.length === numbers.length * SECTOR_BYTES,
    "sector numbers and data differ",
  ),
);

export class Disk {
  readonly #volume: Uint8Array;
  readonly #changed = new Map<number, Uint8Array>();
  #reads = 0;
  #sectorsRead = 0;
  #writes = 0;
  #sectorsWritten = 0;

  // What v86 reads and assigns.
  readonly byteLength: number;
  onload: (() => void) | undefined;
  onprogress: (() => void) | undefined;

  constructor(volume: Uint8Array) {
    // v86 addresses sectors; part of one at the end of an image would be read past the end.
    this.byteLength = volume.length - (volume.length % SECTOR_BYTES);
    this.#volume = volume;
  }

  get stats(): DiskStats {
    return {
      reads: this.#reads,
      sectorsRead: this.#sectorsRead,
      writes: this.#writes,
      sectorsWritten: this.#sectorsWritten,
      changedSectors: this.#changed.size,
    };
  }

  /** A copy of any range, as the guest has left it. */
  read(offset: number, length: number): Uint8Array {
    if (offset < 0 || length < 0 || offset + length > this.byteLength)
      throw new RangeError(
        `disk read of ${length} bytes at ${offset}: the disk has ${this.byteLength} bytes`,
      );
    const bytes = this.#volume.slice(offset, offset + length);
    const last = Math.ceil((offset + length) / SECTOR_BYTES);
    for (let sector = Math.floor(offset / SECTOR_BYTES); sector < last; sector++) {
      const changed = this.#changed.get(sector);
      const from = sector * SECTOR_BYTES - offset;
      if (changed) bytes.set(changed.subarray(Math.max(0, -from), length - from), Math.max(0, from));
    }
    return bytes;
  }

  load(): void {
    this.onload?.();
  }

  get(offset: number, length: number, done: (data: Uint8Array) => void): void {
    this.#reads++;
    this.#sectorsRead += length / SECTOR_BYTES;
    done(this.read(offset, length));
  }

  get_and_cache(offset: number, length: number, done: (data: Uint8Array) => void): void {
    done(this.read(offset, length));
  }

  get_from_cache(offset: number, length: number): Uint8Array {
    return this.read(offset, length);
  }

  set(offset: number, data: Uint8Array, done: () => void): void {
    this.#writes++;
    this.#sectorsWritten += data.length / SECTOR_BYTES;
    for (let at = 0; at < data.length; at += SECTOR_BYTES)
      this.#changed.set((offset + at) / SECTOR_BYTES, data.slice(at, at + SECTOR_BYTES));
    done();
  }

  get_state(): [Uint32Array, Uint8Array, Uint32Array] {
    const numbers = Uint32Array.from(this.#changed.keys()).sort();
    const data = new Uint8Array(numbers.length * SECTOR_BYTES);
    numbers.forEach((sector, i) => {
      data.set(this.#changed.get(sector) ?? [], i * SECTOR_BYTES);
    });
    return [
      numbers,
      data,
      Uint32Array.of(this.#reads, this.#sectorsRead, this.#writes, this.#sectorsWritten),
    ];
  }

  set_state(state: unknown): void {
    const [numbers, data, counts] = v.parse(SavedDiskSchema, state);
    [this.#reads = 0, this.#sectorsRead = 0, this.#writes = 0, this.#sectorsWritten = 0] = counts;
    this.#changed.clear();
    numbers.forEach((sector, i) => {
      this.#changed.set(sector, data.slice(i * SECTOR_BYTES, (i + 1) * SECTOR_BYTES));
    });
  }
}
