// SPDX-License-Identifier: MIT
// A volume as the disk of a machine in v86: the committed guest mounts it, and treedump is sent to it by the bridge.
import { BootedGuest, coldStart } from "../../../web/cli/bootGuest.ts";
import { treedump } from "./programs.ts";
import type { Volume } from "./volume.ts";

const DUMP_MS = 300_000;
const PROGRAM = "/tmp/treedump";
/** Where the guest's init mounts its disk. */
const MOUNT = "/mnt";
const EXECUTABLE = 0o755;

export async function dumpInV86({ image }: Volume): Promise<string[]> {
  await using booted = await BootedGuest.boot({ ...(await coldStart()), volume: { data: image } });
  const { guest } = booted;
  const signal = AbortSignal.timeout(DUMP_MS);
  await guest.files.put(PROGRAM, await treedump(), { mode: EXECUTABLE, signal });
  const { code, stdout, stderr } = await guest.run([PROGRAM, MOUNT], { signal });
  if (code !== 0 || stderr) throw new Error(`treedump ended with ${code}: ${stderr}`);
  return stdout.trimEnd().split("\n");
}
