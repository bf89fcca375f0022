// SPDX-License-Identifier: MIT
// What a start of the guest needs and what can be asked for at once. The first is begun when this module is first
// imported; a restart begins its own.

import { startWorker } from "../machine/openInWorker.ts";
import { type Plan, readPlan } from "./Plan.ts";
import { SavedState } from "./SavedState.ts";

export interface Start {
  readonly worker: Worker;
  readonly plan: Promise<Plan>;
  /** Null when there is none. */
  readonly saved: Promise<SavedState | null>;
}

export function beginStart(): Start {
  const worker = startWorker();
  const plan = readPlan();
  const saved = plan.then(({ checkpoint }) => checkpoint && new SavedState(checkpoint));
  // Whoever takes them hears of what went wrong.
  plan.catch(() => undefined);
  saved.catch(() => undefined);
  return { worker, plan, saved };
}

let first: Start | null = beginStart();

export function takeStart(): Start {
  const start = first ?? beginStart();
  first = null;
  return start;
}
