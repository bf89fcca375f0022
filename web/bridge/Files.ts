// SPDX-License-Identifier: MIT

import { concatenated } from "../base/concatenated.ts";
import { BridgeError } from "./BridgeError.ts";
import type { Connection } from "./Connection.ts";
import { crc32 } from "./crc32.ts";
import { decodeAll } from "./decode.ts";
import { BODY_MAX } from "./Frame.ts";
import { FileInfo as FileMessage, type Time } from "./generated/bridge.ts";
import type { Answer, Question, RemoteStream } from "./RemoteStream.ts";

export type FileKind =
  | "file"
  | "directory"
  | "symlink"
  | "character"
  | "block"
  | "fifo"
  | "socket"
  | "unknown";

export interface FileInfo {
  /** In its directory; empty from `stat`. */
  readonly name: string;
  /** "unknown" in a listing: it could not be examined. */
  readonly kind: FileKind;
  /** Permission bits, 0o7777. */
  readonly mode: number;
  readonly ino: bigint;
  readonly nlink: number;
  readonly uid: number;
  readonly gid: number;
  readonly rdev: bigint;
  readonly size: number;
  /** Of 512 bytes. */
  readonly blocks: number;
  /** Nanoseconds since 1970. */
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  /** Of a symlink. */
  readonly target: string | undefined;
}

export interface FileOptions {
  readonly signal?: AbortSignal;
}

export interface PutOptions extends FileOptions {
  /** Permission bits of a new file. Default 0o644. */
  readonly mode?: number;
}

type Contents = string | Uint8Array | AsyncIterable<Uint8Array>;

/** By the upper four bits of st_mode. */
const KINDS: ReadonlyMap<number, FileKind> = new Map([
  [1, "fifo"],
  [2, "character"],
  [4, "directory"],
  [6, "block"],
  [8, "file"],
  [10, "symlink"],
  [12, "socket"],
]);

const encoder = new TextEncoder();

/** Files of the guest. */
export class Files {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Writes a regular file in place: made if missing, cut to nothing first. Gives its size. */
  async put(path: string, contents: Contents, options: PutOptions = {}): Promise<number> {
    const what = `put ${path}`;
    const put = { path, mode: options.mode ?? 0o644 };
    return this.#during(what, { $case: "put", value: put }, async (stream) => {
      const done = this.#reply(stream, what, options, "none");
      const sent = await Promise.race([send(stream, contents, options.signal), done.then(() => undefined)]);
      const answer = await done;
      if (answer?.$case !== "transferred" || !sent)
        throw new BridgeError(`${what}: the agent answered ${answer?.$case}`);
      compare(what, sent, answer.value);
      return sent.bytes;
    });
  }

  /** The whole contents. */
  async get(path: string, options: FileOptions = {}): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for await (const part of this.read(path, options)) parts.push(part);
    return concatenated(parts);
  }

  /** The contents as they come. Their checksum is compared at the end. */
  async *read(path: string, options: FileOptions = {}): AsyncGenerator<Uint8Array, void, undefined> {
    const what = `get ${path}`;
    const stream = this.#connection.open({ $case: "get", value: { path } });
    let bytes = 0;
    let crc = 0;
    try {
      for (;;) {
        const part = await stream.chunk(what, options);
        if (!part) break;
        bytes += part.length;
        crc = crc32(part, crc);
        yield part;
      }
      const answer = await this.#reply(stream, what, options);
      if (answer?.$case !== "transferred")
        throw new BridgeError(`${what}: the agent answered ${answer?.$case}`);
      compare(what, { bytes, crc }, answer.value);
    } finally {
      stream.cancel(new BridgeError(`${what} was abandoned`));
    }
  }

  /** Of the path itself, not of what a symlink points to. */
  async stat(path: string, options: FileOptions = {}): Promise<FileInfo> {
    const what = `stat ${path}`;
    return this.#during(what, { $case: "stat", value: { path } }, async (stream) => {
      const answer = await this.#reply(stream, what, options);
      if (answer?.$case !== "file") throw new BridgeError(`${what}: the agent answered ${answer?.$case}`);
      return fileInfo(answer.value);
    });
  }

  /** The entries of a directory, in its own order, without . and .. */
  async list(path: string, options: FileOptions = {}): Promise<FileInfo[]> {
    const what = `list ${path}`;
    return this.#during(what, { $case: "list", value: { path } }, async (stream) => {
      const entries: FileInfo[] = [];
      for await (const entry of decodeAll(FileMessage, stream.chunks(), BODY_MAX))
        entries.push(fileInfo(entry));
      await this.#reply(stream, what, options);
      return entries;
    });
  }

  #reply(
    stream: RemoteStream,
    what: string,
    options: FileOptions,
    limit: "deadline" | "none" = "deadline",
  ): Promise<Answer | undefined> {
    const { signal } = options;
    return stream.reply(what, limit === "deadline" ? this.#connection.patience(signal) : { signal });
  }

  async #during<T>(what: string, question: Question, work: (stream: RemoteStream) => Promise<T>): Promise<T> {
    const stream = this.#connection.open(question);
    try {
      return await work(stream);
    } finally {
      stream.cancel(new BridgeError(`${what} was abandoned`));
    }
  }
}

interface Sum {
  readonly bytes: number;
  readonly crc: number;
}

async function send(stream: RemoteStream, contents: Contents, signal?: AbortSignal): Promise<Sum> {
  const whole = typeof contents === "string" ? encoder.encode(contents) : contents;
  let bytes = 0;
  let crc = 0;
  for await (const part of whole instanceof Uint8Array ? [whole] : whole) {
    await stream.send(part, signal);
    bytes += part.length;
    crc = crc32(part, crc);
  }
  stream.end();
  return { bytes, crc };
}

function compare(what: string, ours: Sum, theirs: { readonly bytes: bigint; readonly crc32: number }): void {
  if (BigInt(ours.bytes) === theirs.bytes && ours.crc === theirs.crc32) return;
  throw new BridgeError(
    `${what}: the contents were damaged on the way ` +
      `(${ours.bytes} bytes with CRC ${ours.crc} here, ${theirs.bytes} with ${theirs.crc32} in the guest)`,
  );
}

function nanoseconds(time: Time | undefined): bigint {
  return time ? time.seconds * 1_000_000_000n + BigInt(time.nanoseconds) : 0n;
}

function fileInfo(message: FileMessage): FileInfo {
  const { name, nlink, uid, gid, ino, rdev, target } = message;
  const kind = KINDS.get(message.mode >> 12) ?? "unknown";
  return {
    name,
    kind,
    mode: message.mode & 0o7777,
    ino,
    nlink,
    uid,
    gid,
    rdev,
    size: Number(message.size),
    blocks: Number(message.blocks),
    mtimeNs: nanoseconds(message.mtime),
    ctimeNs: nanoseconds(message.ctime),
    target: kind === "symlink" ? target : undefined,
  };
}
