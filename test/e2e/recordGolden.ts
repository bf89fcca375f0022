// SPDX-License-Identifier: MIT
// `npx tsx test/e2e/recordGolden.ts`: runs every scenario in the real guest and saves the kernel's events of it as
// golden/NAME.json, from which golden.spec.ts draws. To be repeated when a scenario or the kernel's events change.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { KernelEvent } from "../../web/bridge/KernelEvent.ts";
import { BootedGuest } from "../../web/cli/bootGuest.ts";
import { Flow } from "../../web/flow/Flow.ts";
import { writeLog } from "../../web/flow/log/writeLog.ts";
import { argvOf, SCENARIOS, type Scenario } from "../../web/view/scenarios/Scenario.ts";

const FOLDER = fileURLToPath(new URL("golden/", import.meta.url));
const SNAPLEN = 256;

async function record({ before = [], line }: Scenario): Promise<Flow> {
  const booted = await BootedGuest.boot();
  try {
    const { guest } = booted;
    for (const command of before) await guest.run(argvOf(command));
    const stream = await guest.events({ snaplen: SNAPLEN });
    const events: KernelEvent[] = [];
    const collecting = (async () => {
      for await (const batch of stream) events.push(...batch);
    })();
    const { code } = await guest.run(argvOf(line));
    if (code !== 0) throw new Error(`${line}: exit ${code}`);
    await guest.run(["true"]); // what comes after the program has been told now
    await stream[Symbol.asyncDispose]();
    await collecting.catch(() => undefined); // it ends because it was closed
    return onlyRunOf(events);
  } finally {
    await booted[Symbol.asyncDispose]();
  }
}

/** The program on the link and what it started; not what came after. */
function onlyRunOf(events: readonly KernelEvent[]): Flow {
  const all = flowOf(events);
  const run = all.runs.find(({ links }) => links.length > 0);
  if (!run) throw new Error("nothing was done on any link");
  const rows = new Set(Array.from({ length: run.events.length }, (_, index) => run.events.at(index)));
  return flowOf(events.filter((_, row) => rows.has(row)));
}

function flowOf(events: readonly KernelEvent[]): Flow {
  const flow = new Flow();
  for (const event of events) flow.push(event);
  return flow;
}

await mkdir(FOLDER, { recursive: true });
for (const scenario of SCENARIOS) {
  const flow = await record(scenario);
  await writeFile(join(FOLDER, `${scenario.id}.json`), [...writeLog(flow)].join(""));
  console.log(`${scenario.id}: ${flow.length} events`);
}
