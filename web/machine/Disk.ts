// SPDX-License-Identifier: MIT
export const SECTOR_BYTES = 512;

export interface DiskStats {
  /** Commands served and sectors moved since this machine was opened. */
  readonly reads: number;
  readonly sectorsRead: number;
  readonly writes: number;
  readonly sectorsWritten: number;
  /** Sectors that differ from the volume the machine started with. */
  readonly changedSectors: number;
}
