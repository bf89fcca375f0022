// SPDX-License-Identifier: MIT
// `npm run size`: how small ddlink is. Bytes are the allocated sections of every object in fs/ddlink but the monitor's
// and the tests', without what modpost takes out again; lines are without comments and blanks, after the kernel's
// clang-format. What a clause costs is the difference that its option makes, or else the size of its functions, each
// compiled as one of its own.
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { installOnSystem } from "./debian.ts";
import { configure, type KernelBuild, make } from "./kernel.ts";
import { ROOT } from "./paths.ts";
import { run } from "./run.ts";
import { kernelSource } from "./source.ts";
import { kernelTree } from "./tree.ts";

/** Of the mail that proposed ddlink in February 2009. */
const YEAR_2009 = { core: 1800, example: 325, lines: { core: 150, library: 100, example: 50 } };
const BARS = { whole: 2600, lean: 2048, example: 325, lines: { core: 260, library: 110, example: 50 } };

/** What counts as the core: the file, and the queue behind it. */
const CORE = ["fs/ddlink/core.c", "fs/ddlink/queue.c"];
const EXAMPLE = "samples/ddlink/ddecho.o";
const NOT_THE_CORE = /^(monitor|trace)\.o$/;

/** Options that clauses go by, as the fragment over size.config that takes them away. */
const WITHOUT = {
  fdinfo: ["CONFIG_PROC_FS=n", "CONFIG_SYSCTL=n", "CONFIG_PROC_SYSCTL=n"],
  sysctl: ["CONFIG_SYSCTL=n", "CONFIG_PROC_SYSCTL=n"],
  cgroup: ["CONFIG_MEMCG=n"],
  "user namespaces": ["CONFIG_USER_NS=n"],
} as const;
type Option = keyof typeof WITHOUT;

/** Clauses without an option: the functions that are there for nothing else. */
const FUNCTIONS: Record<string, readonly string[]> = {
  "hang-up": ["ddlink_hangup", "ddlink_hangup_all", "ddlink_join"],
  "overflow item": ["ddlink_lose"],
  "error text": ["ddlink_error", "ddlink_drop_text"],
  room: ["ddlink_admit", "ddlink_free"],
  "spare items": ["ddlink_spare"],
  poll: ["ddlink_poll"],
  "vectors beside buffers": ["ddlink_read_iter", "ddlink_write_iter"],
};

interface Symbols {
  readonly [name: string]: number;
}

export interface Size {
  readonly whole: number;
  readonly lean: number;
  readonly example: number;
  readonly lines: { readonly core: number; readonly library: number; readonly example: number };
  readonly sections: Symbols;
  readonly functions: Symbols;
  readonly clauses: Symbols;
}

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

/** Allocated sections by name. modpost replaces the last three kinds by what the whole kernel shares, or by nothing. */
async function sections(file: string): Promise<[string, number][]> {
  const text = await run("objdump", ["-h", "-w", file]);
  return text.split("\n").flatMap((line): [string, number][] => {
    const [, name, size] = line.trim().split(/\s+/);
    if (!name || !size || !line.includes("ALLOC")) return [];
    if (/^\.(modinfo|export_symbol|discard.*)$/.test(name)) return [];
    return [[name, Number.parseInt(size, 16)]];
  });
}

async function bytes(files: readonly string[]): Promise<number> {
  const all = await Promise.all(files.map(sections));
  return sum(all.flat().map(([, size]) => size));
}

function added(pairs: readonly (readonly [string, number])[]): Symbols {
  const result: Record<string, number> = {};
  for (const [name, size] of pairs) if (size > 0) result[name] = (result[name] ?? 0) + size;
  return Object.fromEntries(Object.entries(result).sort(([, a], [, b]) => b - a));
}

async function symbols(files: readonly string[]): Promise<Symbols> {
  const text = await run("nm", ["-S", ...files]);
  const lines = text.split("\n").map((line) => line.split(" "));
  return added(
    lines.flatMap(([, size, , name]): [string, number][] =>
      size && name && !name.startsWith("__") ? [[name, Number.parseInt(size, 16)]] : [],
    ),
  );
}

/** Configures the kernel of size.config without these options, and compiles ddlink and the example. */
async function build(tree: string, name: string, without: readonly string[]): Promise<KernelBuild> {
  const objects = join(tree, "../size", name.replaceAll(" ", "-"));
  await mkdir(objects, { recursive: true });
  const off = new Set(without.map((line) => line.split("=")[0]));
  const text = await readFile(join(ROOT, "kernel/config/size.config"), "utf8");
  const kept = text.split("\n").filter((line) => !off.has(line.split("=")[0]));
  const config = join(objects, "size.config");
  await writeFile(config, [...kept, ...without, ""].join("\n"));
  const kernel = { tree, objects, arch: "i386", config };
  await configure(kernel);
  await make(kernel, ["fs/ddlink/", "samples/ddlink/"]);
  return kernel;
}

async function objectsOf(kernel: KernelBuild): Promise<string[]> {
  const folder = join(kernel.objects, "fs/ddlink");
  const sources = new Set(await readdir(join(kernel.tree, "fs/ddlink")));
  const names = (await readdir(folder)).filter((name) => sources.has(name.replace(/\.o$/, ".c")));
  return names.filter((name) => !NOT_THE_CORE.test(name)).map((name) => join(folder, name));
}

/** The functions as they are when none is merged into its only caller. */
async function separate(kernel: KernelBuild): Promise<Symbols> {
  const outputs: string[] = [];
  for (const file of await objectsOf(kernel)) {
    const saved = await readFile(file.replace(/([^/]+)$/, ".$1.cmd"), "utf8");
    const name = file.slice(kernel.objects.length + 1);
    const command = /^savedcmd_\S+ := (.*?-c) -o (\S+) (\S+)/.exec(saved);
    if (!command) throw new Error(`${name}: no compiler command is kept beside it`);
    const output = `${file}.separate`;
    const flags = "-fno-inline-functions-called-once -fno-inline-small-functions -fno-inline-functions";
    await run("sh", ["-c", `${command[1]} ${flags} -o ${output} ${command[3]}`], { cwd: kernel.objects });
    outputs.push(output);
  }
  return symbols(outputs);
}

/** Lines that are neither blank nor comment, after the kernel's own formatting. */
export async function countLines(tree: string, file: string): Promise<number> {
  const style = `-style=file:${join(tree, ".clang-format")}`;
  const text = await run("clang-format", [style, join(tree, file)]);
  const bare = text.replaceAll(
    /("(?:\\.|[^"\\\n])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
    (_all, quoted) => quoted ?? "",
  );
  return bare.split("\n").filter((line) => line.trim() !== "").length;
}

/** Builds and measures. The first time takes about two minutes, later ones seconds. */
export async function measureSize(): Promise<Size> {
  await installOnSystem(["clang-format"]);
  const tree = await kernelTree(await kernelSource());
  const whole = await build(tree, "whole", []);
  const lean = await build(tree, "lean", [...new Set(Object.values(WITHOUT).flat())]);
  const objects = await objectsOf(whole);
  const all = await bytes(objects);
  const clauses: Record<string, number> = {};
  for (const name of Object.keys(WITHOUT) as Option[])
    clauses[name] = all - (await bytes(await objectsOf(await build(tree, `without ${name}`, WITHOUT[name]))));
  // without /proc there is no sysctl either
  clauses.fdinfo = (clauses.fdinfo ?? 0) - (clauses.sysctl ?? 0);
  const own = await separate(whole);
  for (const [name, functions] of Object.entries(FUNCTIONS))
    clauses[name] = sum(functions.map((one) => own[one] ?? 0));
  return {
    whole: all,
    lean: await bytes(await objectsOf(lean)),
    example: await bytes([join(whole.objects, EXAMPLE)]),
    lines: {
      core: sum(await Promise.all(CORE.map((file) => countLines(tree, file)))),
      library: await countLines(tree, "fs/ddlink/library.c"),
      example: await countLines(tree, EXAMPLE.replace(/o$/, "c")),
    },
    sections: added((await Promise.all(objects.map(sections))).flat()),
    functions: await symbols(objects),
    clauses,
  };
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

/** What is measured beside the bars and 2009, as a table in markdown. */
export function sizeTable(size: Size): string {
  return table(
    ["", "now", "bar", "2009"],
    [
      ["bytes, core and library", size.whole, BARS.whole, YEAR_2009.core],
      ["bytes, MEMCG, SYSCTL, PROC_FS, USER_NS off", size.lean, BARS.lean, ""],
      ["bytes, example", size.example, BARS.example, YEAR_2009.example],
      ["lines, core", size.lines.core, BARS.lines.core, YEAR_2009.lines.core],
      ["lines, library", size.lines.library, BARS.lines.library, YEAR_2009.lines.library],
      ["lines, example", size.lines.example, BARS.lines.example, YEAR_2009.lines.example],
    ],
  );
}

/** What each clause costs, as a table in markdown. */
export function clauseTable(size: Size): string {
  return table(["clause", "bytes"], Object.entries(size.clauses));
}

async function main(): Promise<void> {
  const size = await measureSize();
  console.log(`${sizeTable(size)}\n\n${clauseTable(size)}\n`);
  console.log(`${table(["section", "bytes"], Object.entries(size.sections))}\n`);
  console.log(table(["function or object", "bytes"], Object.entries(size.functions)));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main();
