// SPDX-License-Identifier: MIT
// Both ends of the line against the golden vectors, and against each other.
import { readFileSync } from "node:fs";
import type { BinaryReader, BinaryWriter } from "@bufbuild/protobuf/wire";
import fc from "fast-check";
import * as v from "valibot";
import { beforeAll, describe, expect, it } from "vitest";
import { decode } from "./decode.ts";
import { BODY_MAX, encodeFrame, type Frame } from "./Frame.ts";
import { FrameDecoder } from "./FrameDecoder.ts";
import * as pb from "./generated/bridge.ts";
import { hasCompiler } from "./NativeAgent.ts";
import { askCodec, hex, unhex } from "./NativeCodec.ts";

const Frames = v.object({
  frames: v.array(
    v.object({
      name: v.string(),
      type: v.number(),
      flags: v.number(),
      stream: v.number(),
      sequence: v.number(),
      epoch: v.number(),
      body: v.string(),
      wire: v.string(),
    }),
  ),
  lines: v.array(
    v.object({
      name: v.string(),
      bytes: v.string(),
      bodies: v.array(v.string()),
      badCrc: v.number(),
      malformed: v.number(),
    }),
  ),
});
const Messages = v.object({
  messages: v.array(
    v.object({
      message: v.picklist(["Hello", "Ping", "Pong", "Credit", "Request", "Reply", "Error"]),
      json: v.record(v.string(), v.unknown()),
      bytes: v.string(),
    }),
  ),
});

function readVectors(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../test/vectors/${name}`, import.meta.url), "utf8"));
}

const { frames, lines } = v.parse(Frames, readVectors("frames.json"));
const { messages } = v.parse(Messages, readVectors("messages.json"));

const COMPILE_MS = 120_000;

type Name = v.InferOutput<typeof Messages>["messages"][number]["message"];

interface Read {
  readonly message: object;
  readonly again: Uint8Array;
}

function read<T extends object>(
  type: { decode(reader: BinaryReader): T; encode(message: T): BinaryWriter },
  bytes: Uint8Array,
): Read {
  const message = decode(type, bytes);
  return { message, again: type.encode(message).finish() };
}

const READ: Record<Name, (bytes: Uint8Array) => Read> = {
  Hello: (bytes) => read(pb.Hello, bytes),
  Ping: (bytes) => read(pb.Ping, bytes),
  Pong: (bytes) => read(pb.Pong, bytes),
  Credit: (bytes) => read(pb.Credit, bytes),
  Request: (bytes) => read(pb.Request, bytes),
  Reply: (bytes) => read(pb.Reply, bytes),
  Error: (bytes) => read(pb.Error, bytes),
};

const LIMITS = Object.entries(pb.Limit);

/** As JSON has it, with all defaults: 64-bit numbers and bytes are text, a oneof is the one field that is set. */
function jsonOf(value: unknown, key = ""): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (key === "limit") return `LIMIT_${LIMITS.find(([, number]) => number === value)?.[0]}`;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) =>
      isOneof(inner) ? [inner.$case, jsonOf(inner.value, inner.$case)] : [name, jsonOf(inner, name)],
    ),
  );
}

function isOneof(value: unknown): value is { $case: string; value: unknown } {
  return typeof value === "object" && value !== null && "$case" in value;
}

function encodeCommand(frame: Frame): string {
  return `encode ${frame.type} ${frame.flags} ${frame.stream} ${frame.sequence} ${frame.epoch} ${hex(frame.body)}`;
}

/** The same line of text that codec.c prints. */
function decodeLine(chunks: readonly Uint8Array[]): string {
  const decoder = new FrameDecoder();
  const found = chunks.flatMap((chunk) => decoder.push(chunk));
  const texts = found.map(
    (f) =>
      ` ${f.type}:${f.flags}:${f.stream}:${f.sequence}:${f.epoch}:${Buffer.from(f.body).toString("hex")}`,
  );
  return `${decoder.counts.badCrc} ${decoder.counts.malformed}${texts.join("")}`;
}

const anyFrame: fc.Arbitrary<Frame> = fc.record({
  type: fc.nat(255),
  flags: fc.nat(255),
  stream: fc.nat(65535),
  sequence: fc.nat(65535),
  epoch: fc.nat(65535),
  body: fc.oneof(
    fc.uint8Array({ maxLength: 600 }),
    fc.uint8Array({ min: 1, minLength: 200, maxLength: 1600 }),
    fc.uint8Array({ max: 1, maxLength: 300 }),
  ),
});

describe("TypeScript", () => {
  it.each(frames)("encodes and decodes: $name", (vector) => {
    const frame = { ...vector, body: unhex(vector.body) };
    expect(hex(encodeFrame(frame))).toBe(vector.wire);
    const { type, flags, stream, sequence, epoch, body } = frame;
    expect(new FrameDecoder().push(unhex(vector.wire))).toEqual([
      { type, flags, stream, sequence, epoch, body },
    ]);
  });

  it.each(lines)("finds the frames in: $name", ({ bytes, bodies, badCrc, malformed }) => {
    const decoder = new FrameDecoder();
    const found = [...unhex(bytes)].flatMap((byte) => decoder.push(Uint8Array.of(byte)));
    expect(found.map((frame) => hex(frame.body))).toEqual(bodies);
    expect(decoder.counts).toEqual({ frames: bodies.length, badCrc, malformed });
  });

  /** What the JSON does not name is a default: it takes no bytes. */
  it.each(messages)("reads $message %# and writes the same bytes", ({ message, json, bytes }) => {
    const read = READ[message](unhex(bytes));
    expect(jsonOf(read.message)).toMatchObject(json);
    expect(hex(read.again)).toBe(bytes || "-");
  });
});

describe.skipIf(!hasCompiler)("C", () => {
  beforeAll(() => {
    askCodec(["decode 00"]); // compiles it
  }, COMPILE_MS);

  it("encodes every vector", () => {
    const commands = frames.map((frame) => encodeCommand({ ...frame, body: unhex(frame.body) }));
    expect(askCodec(commands)).toEqual(frames.map((frame) => frame.wire));
  });

  it("decodes every vector", () => {
    const expected = frames.map(
      (f) => `0 0 ${f.type}:${f.flags}:${f.stream}:${f.sequence}:${f.epoch}:${f.body}`,
    );
    expect(askCodec(frames.map(({ wire }) => `decode ${wire}`))).toEqual(expected);
  });

  it("finds the frames of every line, whole and byte by byte", () => {
    const cut = lines.map(({ bytes }) => bytes.replace(/../g, "$& ").trimEnd());
    const expected = lines.map(({ bytes }) => decodeLine([unhex(bytes)]));
    expect(askCodec(lines.map(({ bytes }) => `decode ${bytes}`))).toEqual(expected);
    expect(askCodec(cut.map((bytes) => `decode ${bytes}`))).toEqual(expected);
    for (const [i, { badCrc, malformed }] of lines.entries())
      expect(expected[i]).toMatch(new RegExp(`^${badCrc} ${malformed}( |$)`));
  });

  it("drops what is too long, and hears what comes behind it", () => {
    const good = encodeFrame({ type: 1, flags: 0, stream: 1, sequence: 1, epoch: 1, body: Uint8Array.of(1) });
    const endless = new Uint8Array(10 * BODY_MAX).fill(1);
    const tooLong = encodeFrame({
      type: 1,
      flags: 0,
      stream: 1,
      sequence: 1,
      epoch: 1,
      body: endless.slice(0, BODY_MAX + 1),
    });
    const chunks = [endless, good, tooLong, good];
    const answer = decodeLine(chunks);
    expect(answer).toMatch(/^0 2( 1:0:1:1:1:01){2}$/);
    expect(askCodec([`decode ${chunks.map(hex).join(" ")}`])).toEqual([answer]);
  });

  it("reads every message and writes the same bytes", () => {
    const commands = messages.map(({ message, bytes }) => `message ${message} ${bytes || "-"}`);
    expect(askCodec(commands)).toEqual(messages.map(({ bytes }) => bytes || "-"));
  });

  it("encodes any frame as TypeScript does", () => {
    const all = fc.sample(anyFrame, 300);
    expect(askCodec(all.map(encodeCommand))).toEqual(all.map((frame) => hex(encodeFrame(frame))));
  });

  /** Where the agent's CRC changes its way, and where its blocks end. */
  it.each([1187, 1188, 4383, 4384, 4400, 8496, 20_000, BODY_MAX])(
    "encodes %i bytes of every kind",
    (length) => {
      const body = fc.uint8Array({ minLength: length, maxLength: length });
      const all = fc.sample(
        body.map((bytes) => ({ type: 1, flags: 0, stream: 1, sequence: 1, epoch: 1, body: bytes })),
        5,
      );
      expect(askCodec(all.map(encodeCommand))).toEqual(all.map((frame) => hex(encodeFrame(frame))));
    },
  );

  it("makes of any bytes what TypeScript makes of them", () => {
    const garbage = fc.uint8Array({ maxLength: 60, max: 12 });
    const chunk = fc.oneof(
      garbage,
      anyFrame.map(encodeFrame),
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
    );
    const all = fc.sample(
      fc.array(
        chunk.filter((bytes) => bytes.length > 0),
        { minLength: 1, maxLength: 8 },
      ),
      300,
    );
    expect(askCodec(all.map((chunks) => `decode ${chunks.map(hex).join(" ")}`))).toEqual(all.map(decodeLine));
  });
});
