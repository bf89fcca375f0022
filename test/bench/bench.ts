// SPDX-License-Identifier: MIT
// `npm run bench [-- PART...] [--json]`: runs the parts named, or all, and prints a table or one JSON object.
import { build } from "../../web/cli/build.ts";
import { isFresh } from "../../web/cli/freshness.ts";
import { Findings, type Metrics } from "./metrics.ts";

const PARTS: Record<string, () => Promise<Metrics | Findings>> = {
  boot: async () => (await import("./boot.ts")).boot(),
  exec: async () => (await import("./exec.ts")).exec(),
  serial: async () => (await import("./serial.ts")).serial(),
  flow: async () => (await import("./flow.ts")).flow(),
  view: async () => (await import("./view.ts")).view(),
  page: async () => (await import("./page.ts")).page(),
  memory: async () => (await import("./memory.ts")).memory(),
  size: async () => (await import("./size.ts")).size(),
  ddlink: async () => (await import("./ddlink.ts")).ddlink(),
  peers: async () => (await import("./peers.ts")).peers(),
};

function table(metrics: Metrics): string {
  const rows = Object.entries(metrics).map(([name, { value, unit, runs, min, max }]) => {
    const spread =
      runs > 1 && min !== max ? `${min.toLocaleString("en")} to ${max.toLocaleString("en")}` : "";
    return [name, value.toLocaleString("en"), unit, String(runs), spread];
  });
  const all = [["metric", "median", "unit", "runs", "spread"], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const pad = (cell: string, i: number) =>
    i === 1 || i === 3 ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0);
  return all.map((row) => row.map(pad).join("  ").trimEnd()).join("\n");
}

async function main(args: readonly string[]): Promise<void> {
  const json = args.includes("--json");
  const names = args.filter((arg) => arg !== "--json");
  const unknown = names.find((name) => !(name in PARTS));
  if (unknown) throw new Error(`no part ${unknown}; there are ${Object.keys(PARTS).join(", ")}`);
  if (!(await isFresh())) await build();
  const metrics: Metrics = {};
  const absent: Record<string, string> = {};
  for (const [name, part] of Object.entries(PARTS)) {
    if (names.length > 0 && !names.includes(name)) continue;
    if (!json) console.error(`measuring ${name}`);
    const found = await part();
    const { metrics: more, absent: less, text } = found instanceof Findings ? found : new Findings(found);
    Object.assign(metrics, more);
    Object.assign(absent, less);
    if (!json && text) console.log(`${text}\n`);
  }
  console.log(json ? JSON.stringify({ metrics, absent }, null, 2) : table(metrics));
}

await main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
