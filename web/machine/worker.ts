// SPDX-License-Identifier: MIT
/** What runs in the page's worker: a machine, reachable through comlink. Types: WorkerMachine.ts. */
import { expose } from "comlink";
import wasmUrl from "v86/build/v86.wasm?url";
import { type Engine, open } from "./open.ts";
import { V86_WASM_BYTES } from "./v86.ts";
import { WorkerMachine } from "./WorkerMachine.ts";

async function compile(): Promise<WebAssembly.Module> {
  const response = await fetch(wasmUrl);
  if (!response.ok)
    throw new Error(`the emulator could not be loaded: ${wasmUrl} answers ${response.status}`);
  // Some servers do not know the type, and then a stream would be refused.
  if (response.headers.get("content-type")?.startsWith("application/wasm"))
    return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}

// The emulator is needed in any case: it loads while the page is still saying what to start.
const engine: Engine = { module: compile(), bytes: V86_WASM_BYTES };
engine.module.catch(() => undefined); // reported by open()

expose(new WorkerMachine((start, options) => open(start, engine, options)));
