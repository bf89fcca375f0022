// SPDX-License-Identifier: MIT
// The real guest: images/bzImage with its volume.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import { firstDifference } from "./Fingerprint.ts";
import type { Machine, MachineStart, MachineStats } from "./Machine.ts";
import { openMachine } from "./openInNode.ts";

vi.setConfig({ testTimeout: 180_000 });

const image = (name: string) => ({
  data: new Uint8Array(readFileSync(new URL(`../../images/${name}`, import.meta.url))),
});
const start: MachineStart = { kernel: image("bzImage"), volume: image("tux3.img") };
const open: Machine[] = [];
const soon = () => AbortSignal.timeout(120_000);
const text = (line: string) => new TextEncoder().encode(line);
let commands = 0;

async function opened(from: MachineStart): Promise<Machine> {
  const machine = await openMachine(from);
  open.push(machine);
  return machine;
}

async function booted(): Promise<Machine> {
  const machine = await opened(start);
  const prompt = machine.statsAt("console", "# ", { signal: soon() });
  await machine.run();
  await prompt;
  await machine.setPace("real");
  return machine;
}

/** Types a command; resolves when it has ended. The echo of the line must not look like the end. */
async function shell(machine: Machine, command: string): Promise<MachineStats> {
  const tag = `${++commands}`;
  const end = machine.statsAt("console", `END-${tag}.`, { signal: soon() });
  await machine.console.write(text(`${command}; echo END""-${tag}.\n`), { signal: soon() });
  return end;
}

function listen(machine: Machine): () => string {
  const parts: Uint8Array[] = [];
  machine.console.subscribe((bytes) => parts.push(bytes));
  return () => Buffer.concat(parts).toString("latin1");
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((machine) => machine[Symbol.asyncDispose]()));
});

test("a live session, its replay, and its replay from a checkpoint are one and the same", async () => {
  const live = await booted();
  await shell(
    live,
    "i=0; while [ $i -lt 3000 ]; do i=$((i+1)); done; " +
      "for f in 1 2; do find / -xdev | sort -r | od -x | sed s/0/a/g | awk '{n+=NF} END {print n}'; done",
  );
  const checkpoint = { data: await live.checkpoint() };
  await shell(
    live,
    "cat /proc/uptime /proc/interrupts; date; head -c 64 /dev/urandom | md5sum; dd if=/dev/sda | md5sum",
  );
  await live.pause();
  const print = await live.fingerprint();
  expect(print.jitModules).toBeGreaterThanOrEqual(50);

  const log = await live.inputLog();
  const again = await opened({ ...start, replay: log });
  expect(firstDifference(print, await again.fingerprint())).toBeUndefined();

  const cut = log.entries.findIndex((entry) => entry.kind === "checkpoint") + 1;
  const replay = { entries: log.entries.slice(cut), end: log.end };
  const restored = await opened({ ...start, checkpoint, replay });
  expect(firstDifference(print, await restored.fingerprint())).toBeUndefined();
});

test("the guest reads its disk, and what it writes is seen outside", async () => {
  const machine = await booted();
  await shell(
    machine,
    "echo changed-by-the-guest | dd of=/dev/sda bs=512 seek=100 conv=notrunc,sync 2>/dev/null; sync",
  );
  const { disk } = await machine.stats();
  expect(disk.sectorsRead).toBeGreaterThan(0);
  expect(disk.changedSectors).toBeGreaterThanOrEqual(1);
  expect(Buffer.from(await machine.readDisk(51_200, 20)).toString()).toBe("changed-by-the-guest");
});

test("400 kB in one write pass through the guest's driver intact", async () => {
  const machine = await booted();
  const output = listen(machine);
  const sent = Uint8Array.from({ length: 400_000 }, (_, i) => (i * i) >> 7);
  const end = machine.statsAt("console", "  -", { signal: soon() });
  const ready = machine.statsAt("console", "READY", { signal: soon() });
  await machine.console.write(
    text("stty raw -echo crtscts; echo REA''DY; head -c 400000 | sha256sum; stty sane\n"),
  );
  await ready;
  await machine.console.write(sent, { signal: soon() });
  await end;
  await machine.pause();
  expect(output()).toContain(createHash("sha256").update(sent).digest("hex"));
});

test("a reboot is the end of the machine, and says so", async () => {
  const machine = await booted();
  const end = new Promise((resolve) =>
    machine.subscribe((state) => state.kind === "crashed" && resolve(state)),
  );
  await machine.console.write(text("reboot -f\n"));
  expect(await end).toMatchObject({ cause: "reset", reason: "the guest reset its CPU (a reboot)" });
});
