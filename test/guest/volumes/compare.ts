// SPDX-License-Identifier: MIT
// Manifest against dump: every difference as one sentence, none if the whole tree agrees.
import {
  type DumpLine,
  type Expected,
  type Found,
  type Manifest,
  parseDumpLine,
  type Statfs,
} from "./Manifest.ts";

const TUX3_SUPER_MAGIC = 0x74757833;
const INODE_NUMBERS = 2 ** 48;
const SECTOR = 512;

function expectedStatfs(manifest: Manifest): Statfs {
  const { free_blocks, used_inodes } = manifest.after_replay_before_orphan_removal;
  return {
    type: TUX3_SUPER_MAGIC,
    bsize: manifest.mkfs.blocksize,
    blocks: manifest.mkfs.volblocks,
    bfree: free_blocks,
    bavail: free_blocks,
    files: INODE_NUMBERS,
    ffree: INODE_NUMBERS - used_inodes,
    namelen: 255,
  };
}

/** The kernel hides the values of user attributes of all but files and directories. */
function visibleXattrs(entry: Expected): Record<string, string | null> | undefined {
  if (!entry.xattr || entry.type === "file" || entry.type === "dir") return entry.xattr;
  const visible = Object.entries(entry.xattr).map(([name, value]) => [
    name,
    name.startsWith("user.") ? null : value,
  ]);
  return Object.fromEntries(visible);
}

/** The same text for the same value, in whatever order its keys came. */
function canonical(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null || typeof value !== "object" || Array.isArray(value)) return JSON.stringify(value);
  return JSON.stringify(Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))));
}

function compareFields(where: string, expected: object, found: object): string[] {
  const names = new Set([...Object.keys(expected), ...Object.keys(found)]);
  const wanted = new Map(Object.entries(expected));
  const seen = new Map(Object.entries(found));
  return [...names]
    .filter((name) => canonical(wanted.get(name)) !== canonical(seen.get(name)))
    .map((name) => `${where}: ${name} is ${canonical(seen.get(name))}, not ${canonical(wanted.get(name))}`);
}

function compareEntry(manifest: Manifest, expected: Expected, found: Found): string[] {
  const { blocksize } = manifest.mkfs;
  const blocks = (Math.ceil(expected.size / blocksize) * blocksize) / SECTOR;
  return compareFields(expected.path, { ...expected, blocks, xattr: visibleXattrs(expected) }, found);
}

function compareLine(manifest: Manifest, wanted: Map<string, Expected>, line: DumpLine): string[] {
  if ("statfs" in line) return compareFields("statfs", expectedStatfs(manifest), line.statfs);
  const expected = wanted.get(line.path);
  if (!expected) return [`${line.path}: found twice, or not on the volume`];
  wanted.delete(line.path);
  if ("error" in line) return [`${line.path}: ${line.error}`];
  return compareEntry(manifest, expected, line);
}

/** Compares a whole volume: statfs and every path with all that can be seen of it. */
export function compareTree(manifest: Manifest, lines: readonly string[]): string[] {
  const wanted = new Map(manifest.tree.map((entry) => [entry.path, entry]));
  const dump = lines.map(parseDumpLine);
  const differences = dump.flatMap((line) => compareLine(manifest, wanted, line));
  if (!dump.some((line) => "statfs" in line)) differences.push("statfs: missing");
  for (const path of wanted.keys()) differences.push(`${path}: missing`);
  return differences;
}
