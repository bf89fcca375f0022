// SPDX-License-Identifier: MIT
/** What runs in the page's worker: a machine, reachable through comlink. Types: WorkerMachine.ts. */
import { expose } from "comlink";
import { open } from "./open.ts";
import { V86_WASM_BYTES } from "./v86.ts";
import { WorkerMachine } from "./WorkerMachine.ts";

postMessage("up"); // startWorker.ts waits for it
expose(
  new WorkerMachine((start, module, options) => open(start, { module, bytes: V86_WASM_BYTES }, options)),
);
