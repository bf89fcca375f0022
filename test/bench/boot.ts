// SPDX-License-Identifier: MIT
// From the first instruction of a cold boot to the last byte of `ddtest hello` on the mounted Tux3 volume.
import { coldStart } from "../../web/cli/bootGuest.ts";
import { openMachine } from "../../web/machine/openInNode.ts";
import { type Metrics, metric, repeat } from "./metrics.ts";

const RUNS = 3;
const DEADLINE_MS = 120_000;
/** Typed ahead: the shell finds it when it opens the console, so that no run depends on the host's timing. */
const TYPED = "ddtest hello\n";
const LAST_LINE = "read(4096) = 0\r\n";

async function bootOnce() {
  const machine = await openMachine(await coldStart());
  try {
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const started = performance.now();
    void machine.console.write(new TextEncoder().encode(TYPED), { signal }).catch(() => {});
    const reached = machine.statsAt("console", LAST_LINE, { signal });
    await machine.run({ pace: "none" });
    const { instructions } = await reached;
    return { instructions, ms: performance.now() - started };
  } finally {
    await machine[Symbol.asyncDispose]();
  }
}

export async function boot(): Promise<Metrics> {
  const runs = await repeat(RUNS, bootOnce);
  return {
    "boot.instructions": metric(
      runs.map(({ instructions }) => instructions),
      "instructions",
    ),
    "boot.ms": metric(
      runs.map(({ ms }) => ms),
      "ms",
    ),
  };
}
