// SPDX-License-Identifier: MIT
/** Opens a machine in this process. Its globals become those of Realm.ts. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Machine, MachineStart, OpenOptions } from "./Machine.ts";
import { type Engine, open } from "./open.ts";

let module: Promise<WebAssembly.Module> | undefined;

async function compile(): Promise<WebAssembly.Module> {
  const path = createRequire(import.meta.url).resolve("v86/build/v86.wasm");
  return WebAssembly.compile(new Uint8Array(await readFile(path)));
}

function engine(): Engine {
  module ??= compile();
  return { module, bytes: 0 };
}

export function openMachine(start: MachineStart, options: OpenOptions = {}): Promise<Machine> {
  return open(start, engine(), options);
}
