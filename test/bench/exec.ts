// SPDX-License-Identifier: MIT
// The round trip of a program through the bridge: ask, start, run /bin/true, both streams ended, exit told.
import { BootedGuest } from "../../web/cli/bootGuest.ts";
import { type Metrics, metric, repeat } from "./metrics.ts";

const WARM_UP = 20;
const RUNS = 50;

export async function exec(): Promise<Metrics> {
  const booted = await BootedGuest.boot();
  try {
    const { guest, machine } = booted;
    const roundTrip = async () => {
      const before = await machine.stats();
      const started = performance.now();
      const { code } = await guest.run(["/bin/true"]);
      const ms = performance.now() - started;
      if (code !== 0) throw new Error(`/bin/true ended with ${code}`);
      return { ms, instructions: (await machine.stats()).instructions - before.instructions };
    };
    await repeat(WARM_UP, roundTrip);
    const runs = await repeat(RUNS, roundTrip);
    return {
      "exec.ms": metric(
        runs.map(({ ms }) => ms),
        "ms",
      ),
      "exec.instructions": metric(
        runs.map(({ instructions }) => instructions),
        "instructions",
      ),
    };
  } finally {
    await booted[Symbol.asyncDispose]();
  }
}
