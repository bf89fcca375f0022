// SPDX-License-Identifier: MIT
// For tests: the agent's codec (test/agent/codec.c), built for this machine and asked through a pipe.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { compileNative, ROOT } from "./NativeAgent.ts";

const LIBRARY = [
  "crc32.c",
  "cobs.c",
  "frame.c",
  "generated/bridge.pb.c",
  "nanopb/pb_common.c",
  "nanopb/pb_decode.c",
  "nanopb/pb_encode.c",
];

export function codecSources(main: string): string[] {
  return [join(ROOT, "test/agent", main), ...LIBRARY.map((name) => join(ROOT, "guest/agent", name))];
}

/** Answers to `commands`, one line each; what they are stands at the head of codec.c. */
export function askCodec(commands: readonly string[]): string[] {
  const program = compileNative("codec", codecSources("codec.c"));
  const answers = execFileSync(program, { input: `${commands.join("\n")}\n`, maxBuffer: 1 << 28 });
  return answers.toString().trimEnd().split("\n");
}

export function hex(bytes: Uint8Array): string {
  return bytes.length === 0 ? "-" : Buffer.from(bytes).toString("hex");
}

export function unhex(text: string): Uint8Array {
  return text === "-" ? new Uint8Array() : Uint8Array.from(Buffer.from(text, "hex"));
}
