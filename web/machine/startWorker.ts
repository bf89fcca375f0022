// SPDX-License-Identifier: MIT
/**
 * What takes longest of a machine in a worker: the worker itself and the emulator's code. Apart from what talks to them
 * (openInWorker.ts), so that a page can begin with them.
 */
import wasmUrl from "v86/build/v86.wasm?url";

export function startWorker(): Worker {
  return new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "machine" });
}

/** Resolves when the worker's script runs, or cannot. To be called in the turn in which it was started. */
export function awake(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    for (const sign of ["message", "error"] as const)
      worker.addEventListener(sign, () => resolve(), { once: true });
  });
}

let engine: Promise<WebAssembly.Module> | undefined;

/** v86.wasm, compiled in the page while the worker starts; once for all machines of the page. */
export function loadEngine(): Promise<WebAssembly.Module> {
  engine ??= compile();
  engine.catch(() => {
    engine = undefined; // whoever asks again gets another try
  });
  return engine;
}

async function compile(): Promise<WebAssembly.Module> {
  const response = await fetch(wasmUrl);
  if (!response.ok)
    throw new Error(`the emulator could not be loaded: ${wasmUrl} answers ${response.status}`);
  // Some servers do not know the type, and then a stream would be refused.
  if (response.headers.get("content-type")?.startsWith("application/wasm"))
    return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}
