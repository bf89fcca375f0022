// SPDX-License-Identifier: MIT
// `npm run patches`: kernel/linux and kernel/patches as series of mails, ready for git send-email.
//   --out FOLDER   where to; patches/ unless told
//   --unmeasured   without the tables that take minutes to measure
//   --check        check them instead, in seconds
//   --check=all    and build, analyse and document them, in minutes
//   --check=NAME   one of those alone: builds, i386, x86_64, documents, coccicheck
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "./paths.ts";
import { deepChecks } from "./series/deep.ts";
import { type Letter, mailsIn, writeMails } from "./series/mails.ts";
import { fillIn, leaveOut, type Measure, measure } from "./series/measured.ts";
import { ends } from "./series/overlay.ts";
import { type Files, peel } from "./series/peel.ts";
import { type Check, quickChecks, type Written } from "./series/quick.ts";
import { Repository } from "./series/Repository.ts";
import { readSeries } from "./series/Series.ts";
import { ANYBODY, type Submitter, submitter } from "./series/submitter.ts";
import { type KernelSource, kernelSource } from "./source.ts";

interface Made extends Written {
  readonly source: KernelSource;
  readonly states: readonly Files[];
}

async function make(folder: string, who: Submitter, by: Measure): Promise<Made> {
  const source = await kernelSource();
  const series = await readSeries();
  const both = await ends(source, `${who.name} <${who.email}>`);
  const states = peel(
    both.base,
    both.overlaid,
    series.flatMap(({ patches }) => patches),
  );
  const letters: Letter[] = [];
  for (const one of series) letters.push({ series: one, text: await fillIn(one.cover?.message ?? "", by) });
  await writeMails(letters, states, who, folder);
  return { source, series, submitter: who, ends: both, states, folder };
}

async function runChecks(checks: readonly Check[]): Promise<void> {
  for (const [name, check] of checks) {
    const started = Date.now();
    const faults = await check();
    const took = Math.round((Date.now() - started) / 1000);
    console.log(`${faults.length > 0 ? "FAULTS" : "ok    "}  ${name}  (${took} s)`);
    for (const fault of faults) console.log(`  ${fault}`);
    if (faults.length > 0) process.exitCode = 1;
  }
}

async function check(which: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "ddlab-mails-"));
  try {
    const made = await make(folder, ANYBODY, leaveOut);
    await using repository = await Repository.create(made.submitter, made.ends.base);
    if (which === "quick" || which === "all") await runChecks(quickChecks(made, repository));
    if (which === "quick") return;
    const deep = await deepChecks(made.source, made.states);
    const chosen = [...deep].filter(([name]) => which === "all" || which === name);
    if (chosen.length === 0)
      throw new Error(`--check=${which}: there are quick, all, ${[...deep.keys()].join(", ")}`);
    await runChecks(chosen.map(([, one]) => one));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function write(folder: string, by: Measure): Promise<void> {
  const { series, source } = await make(folder, await submitter(), by);
  console.log(`for ${source.package} ${source.version}:`);
  for (const { name } of series)
    console.log(`  ${join(folder, name)}: ${(await mailsIn(join(folder, name))).length} patches`);
}

async function main(): Promise<void> {
  const args = process.argv.slice(2).map((arg) => (arg === "--check" ? "--check=quick" : arg));
  const text = { type: "string" } as const;
  const options = { out: text, check: text, unmeasured: { type: "boolean" } } as const;
  const { values } = parseArgs({ args, options });
  if (values.check === undefined)
    return write(values.out ?? join(ROOT, "patches"), values.unmeasured ? leaveOut : measure);
  await check(values.check);
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
