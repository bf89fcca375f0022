// SPDX-License-Identifier: MIT
// Prints a Recording (see there): one live run of the real guest, and its log run again in fresh machines of this
// process. A process of its own, because a machine in this realm changes the realm's globals.

import { BootedGuest, coldStart } from "../../web/cli/bootGuest.ts";
import type { Fingerprint } from "../../web/machine/Fingerprint.ts";
import { type InputLog, stringifyInputLog } from "../../web/machine/InputLog.ts";
import type { MachineStart } from "../../web/machine/Machine.ts";
import { openMachine } from "../../web/machine/openInNode.ts";
import type { Recording } from "./Recording.ts";

/** Work all over the kernel and busybox, so that the JIT compiles many more pages of code. */
const HOT = "find /proc | sort | awk '{ n += length($0) } END { print n }'";
const WORD = "typed";
/** The bit between small and capital letters. */
const CASE = 0x20;
const TYPED_MS = 30_000;

/** Boot, mount, ddtest and ddfork as a live page has them: paced to real time, and with the monitor watching. */
async function live(start: MachineStart): Promise<{ log: InputLog; fingerprint: Fingerprint }> {
  await using booted = await BootedGuest.boot(start);
  await booted.machine.setPace("real");
  await programs(booted);
  await typeDdtest(booted);
  await booted.machine.pause();
  return { log: await booted.machine.inputLog(), fingerprint: await booted.machine.fingerprint() };
}

async function programs({ guest }: BootedGuest): Promise<void> {
  {
    await using _events = await guest.events();
    await expectOutput(guest.run(["ddtest", "hello", "world"]), 'read(4096) = 5 "world"');
    await expectOutput(guest.run(["ddfork", "-w", "800", "-r", "500"]), "the parent has exited");
  }
  await expectOutput(guest.run(["cat", "/proc/mounts"]), "/mnt tux3");
  await expectOutput(guest.run(["sh", "-c", HOT]), "\n");
}

async function expectOutput(run: ReturnType<BootedGuest["guest"]["run"]>, text: string): Promise<void> {
  const { stdout, stderr, code } = await run;
  if (code !== 0 || !stdout.includes(text))
    throw new Error(`exit ${code}, and no ${JSON.stringify(text)} in: ${stdout}${stderr}`);
}

/** At the shell, last: these bytes are under no checksum, so one of them can be another and the run still be valid. */
async function typeDdtest({ machine }: BootedGuest): Promise<void> {
  const signal = AbortSignal.timeout(TYPED_MS);
  const done = machine.statsAt("console", "read(4096) = 0", { signal });
  await machine.console.write(new TextEncoder().encode(`ddtest ${WORD}\n`), { signal });
  await done;
}

/** The same log but for the first letter of the word. */
function withOtherWord({ entries, end }: InputLog): InputLog {
  let found = 0;
  const changed = entries.map((entry) => {
    if (entry.kind !== "bytes" || entry.port !== "console") return entry;
    found++;
    const at = new TextDecoder("latin1").decode(entry.bytes).indexOf(WORD);
    return { ...entry, bytes: entry.bytes.map((byte, i) => (i === at ? byte ^ CASE : byte)) };
  });
  if (found !== 1) throw new Error(`the line typed at the console was fed in ${found} pieces, not in one`);
  return { entries: changed, end };
}

async function again(start: MachineStart, replay: InputLog): Promise<Fingerprint> {
  await using machine = await openMachine({ ...start, replay });
  return await machine.fingerprint();
}

const start = await coldStart();
const { log, fingerprint } = await live(start);
const changed = withOtherWord(log);
const recording: Recording = {
  log: stringifyInputLog(log),
  live: fingerprint,
  replayed: await again(start, log),
  changedLog: stringifyInputLog(changed),
  changed: await again(start, changed),
};
process.stdout.write(JSON.stringify(recording));
