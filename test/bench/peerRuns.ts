// SPDX-License-Identifier: MIT
// One boot of the bench kernel each: in v86, where the guest's ticks are instructions, and in QEMU, where they are time.
import { setMaxListeners } from "node:events";
import { readFile } from "node:fs/promises";
import { benchKernel } from "../../kernel/bench/BenchKernel.ts";
import type { Machine } from "../../web/machine/Machine.ts";
import { openMachine } from "../../web/machine/openInNode.ts";
import { bootQemu } from "../guest/Qemu.ts";
import { parseReport, type Report, type Sample } from "./peerSamples.ts";

const DEADLINE_MS = 600_000;
const MIB = 1 << 20;
/** In a round: of two patterns, five sizes, ten peers, twice each, nothing is left out. */
const MOST_IN_A_ROUND = 200;
/** v86's time stamp counter runs at 1 GHz of guest time: at this rate it counts instructions. */
const MIPS = 1000;

/** How often each thing is measured, and over how many messages (and twice as many). */
export interface Effort {
  readonly rounds: number;
  readonly messages: number;
}

const argumentsOf = ({ rounds, messages }: Effort) => [`${rounds}`, `${messages}`];

async function openBench(effort: Effort, jit: boolean): Promise<Machine> {
  const data = new Uint8Array(await readFile((await benchKernel()).image));
  const commandLine = `console=ttyS0 tsc=reliable -- ${argumentsOf(effort).join(" ")}`;
  return openMachine({
    kernel: { data },
    commandLine,
    hardware: { mips: MIPS, memoryBytes: 64 * MIB, jit },
  });
}

/** Runs the machine until the program has restarted it; returns all that it said. */
async function finish(machine: Machine): Promise<string> {
  const text = { console: "", bridge: "" };
  const decoder = new TextDecoder();
  for (const port of ["console", "bridge"] as const)
    machine[port].subscribe((bytes) => {
      text[port] += decoder.decode(bytes);
    });
  const ended = new Promise<void>((resolve, reject) => {
    AbortSignal.timeout(DEADLINE_MS).addEventListener("abort", () =>
      reject(new Error(`the bench kernel did not end in ${DEADLINE_MS} ms: ${text.console.slice(-1000)}`)),
    );
    machine.subscribe(({ kind }) => kind === "crashed" && resolve());
  });
  await machine.run({ pace: "none" });
  await ended;
  if (!text.bridge.endsWith("done\n"))
    throw new Error(`${text.bridge.slice(-500)}\n${text.console.slice(-1000)}`);
  return text.bridge;
}

/** Ticks are instructions: all interpreted, because compiled code counts a block at its entry, left early or not. */
export async function countInV86(effort: Effort): Promise<Report> {
  const machine = await openBench(effort, false);
  try {
    return parseReport(await finish(machine));
  } finally {
    await machine[Symbol.asyncDispose]();
  }
}

/** The guest's clock counts instructions here: the host looks at its own at the marks around each measurement. */
export async function timeInV86(effort: Effort): Promise<Report> {
  const machine = await openBench(effort, true);
  const signal = AbortSignal.timeout(DEADLINE_MS);
  setMaxListeners(0, signal); // one for each mark
  const at = async (mark: string) => (await machine.statsAt("bridge", mark, { signal })).hostMs;
  try {
    const marks = Array.from({ length: MOST_IN_A_ROUND * effort.rounds }, (_, i) =>
      Promise.all([at(`begin ${i + 1}\n`), at(`end ${i + 1} `)]).catch(() => undefined),
    );
    const report = parseReport(await finish(machine));
    const times = await Promise.all(marks.slice(0, report.samples.length));
    return { ...report, samples: report.samples.map((sample, i) => withTime(sample, times[i])) };
  } finally {
    await machine[Symbol.asyncDispose]();
  }
}

function withTime(sample: Sample, times: readonly number[] | undefined): Sample {
  const [begin, end] = times ?? [];
  if (begin === undefined || end === undefined)
    throw new Error(`there was no mark around a measurement of ${sample.peer}`);
  return { ...sample, ticks: end - begin };
}

/** Ticks are the host's time. */
export async function timeInQemu(effort: Effort): Promise<Report> {
  const { port } = await bootQemu({
    kernel: (await benchKernel()).image,
    files: [],
    init: "/init",
    programs: argumentsOf(effort),
    disks: [],
    timeoutMs: DEADLINE_MS,
  });
  return parseReport(port);
}
