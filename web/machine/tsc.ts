// SPDX-License-Identifier: MIT
import type { GuestClock } from "./GuestClock.ts";
import type { Cpu } from "./v86.ts";

/** v86's time stamp counter runs at 1 GHz. */
const TSC_PER_MS = 10n ** 6n;
const WRAP = 2n ** 64n;

function readAt(ms: bigint, cpu: Cpu, clock: GuestClock): bigint {
  clock.frozenAt(Number(ms), () => cpu.store_current_tsc());
  const [low = 0, high = 0] = [cpu.current_tsc[0], cpu.current_tsc[1]];
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}

/**
 * Makes the guest's TSC equal to virtual time, whatever this instance of v86 did before: v86's set_tsc computes its
 * offset from a reading that still has the old offset in it, so each restore would shift the counter.
 */
export function alignTsc(cpu: Cpu, clock: GuestClock): void {
  const first = 1000n;
  const second = 2000n;
  const offset = first * TSC_PER_MS - readAt(first, cpu, clock);
  const wanted = (second * TSC_PER_MS - offset + WRAP) % WRAP;
  clock.frozenAt(Number(second), () =>
    cpu.set_tsc(Number(wanted & 0xffffffffn) | 0, Number(wanted >> 32n) | 0),
  );
  const check = readAt(3000n, cpu, clock);
  if (check !== 3000n * TSC_PER_MS)
    throw new Error(
      `v86's time stamp counter cannot be aligned: it reads ${check} at 3 s; is this another v86?`,
    );
}
