// SPDX-License-Identifier: MIT
// The part of the address that says what a person looks at: which events, and how. It stands behind the #, so that it
// never leaves the browser. Everything in it may be wrong: what cannot be understood is left out and said in a sentence.

import * as v from "valibot";
import type { AxisKind } from "../flow/Axis.ts";
import type { Filter } from "../flow/filter/Filter.ts";
import { parseFilter } from "../flow/filter/parse.ts";
import { FilterError } from "../flow/filter/tokens.ts";
import type { Range } from "../view/picture/Viewport.ts";

/** How it is looked at. Events are named by their place in the run, so that another run of the same thing has them too. */
export interface View {
  readonly filter?: { readonly text: string; readonly filter: Filter };
  readonly axis?: AxisKind;
  readonly event?: number;
  /** Where the picture's cursor stands. */
  readonly moment?: number;
  readonly range?: Range;
  readonly a?: number;
  readonly b?: number;
}

/** What is looked at: nothing, a program to run, or a saved log. */
export type Source =
  | { readonly kind: "none" }
  | { readonly kind: "run"; readonly argv: readonly string[] }
  /** The log itself, compressed. */
  | { readonly kind: "data"; readonly data: string }
  /** Where it is, relative to the page. */
  | { readonly kind: "log"; readonly address: string };

export interface ViewLink {
  readonly source: Source;
  readonly view: View;
  /** What could not be understood, each in a sentence. */
  readonly problems: readonly string[];
}

/** Longer arguments than the agent takes, and more data than any browser's address holds, are nobody's links. */
const ARGUMENTS_MOST = 100;
const DATA_MOST = 1_000_000;

const IndexSchema = v.pipe(v.string(), v.regex(/^\d{1,7}$/), v.transform(Number));
const AxisSchema = v.picklist(["story", "time"]);
const DataSchema = v.pipe(v.string(), v.regex(/^[\w-]+$/), v.maxLength(DATA_MOST));
/** A path beside or below the page: no other origin, no way up. */
const LogSchema = v.pipe(v.string(), v.regex(/^(?!.*\.\.)[\w-][\w./-]*$/), v.maxLength(500));
const ArgvSchema = v.pipe(
  v.array(v.pipe(v.string(), v.maxLength(4096))),
  v.minLength(1),
  v.maxLength(ARGUMENTS_MOST),
);

export function readViewLink(hash: string): ViewLink {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const problems: string[] = [];
  const read = <T>(key: string, schema: v.GenericSchema<string, T>, wanted: string): T | undefined => {
    const text = given.get(key);
    if (text === null) return undefined;
    const parsed = v.safeParse(schema, text);
    if (parsed.success) return parsed.output;
    problems.push(`In this link, ${key} is “${text.slice(0, 40)}”, which is no ${wanted}: it is left out.`);
    return undefined;
  };
  const index = (key: string) => read(key, IndexSchema, "number of an event");
  const filter = readFilter(given.get("filter"), problems);
  const [from, to] = [index("from"), index("to")];
  const view = {
    filter,
    axis: read("axis", AxisSchema, "axis (story or time)"),
    event: index("event"),
    moment: index("moment"),
    range: from !== undefined && to !== undefined && from <= to ? { from, to } : undefined,
    a: index("a"),
    b: index("b"),
  };
  const data = read("data", DataSchema, "saved log");
  const log = read("log", LogSchema, "path of a saved log beside this page");
  return {
    source: sourceOf(data, log, given.getAll("run"), problems),
    view: withoutUndefined(view),
    problems,
  };
}

/** "#..." for what is looked at; "" when there is nothing to say. */
export function printViewLink(source: Source, view: View): string {
  const hash = new URLSearchParams();
  if (source.kind === "run") for (const argument of source.argv) hash.append("run", argument);
  if (source.kind === "data") hash.set("data", source.data);
  if (source.kind === "log") hash.set("log", source.address);
  const { filter, axis, event, moment, range, a, b } = view;
  const said = { filter: filter?.text, axis, event, moment, from: range?.from, to: range?.to, a, b };
  for (const [key, value] of Object.entries(said)) if (value !== undefined) hash.set(key, String(value));
  const text = hash.toString();
  return text === "" ? "" : `#${text}`;
}

function sourceOf(
  data: string | undefined,
  address: string | undefined,
  argv: readonly string[],
  problems: string[],
): Source {
  if (data !== undefined) return { kind: "data", data };
  if (address !== undefined) return { kind: "log", address };
  if (argv.length === 0) return { kind: "none" };
  const parsed = v.safeParse(ArgvSchema, argv);
  if (parsed.success) return { kind: "run", argv: parsed.output };
  problems.push("The program in this link is too long to be run: it is left out.");
  return { kind: "none" };
}

function readFilter(text: string | null, problems: string[]): View["filter"] {
  if (text === null) return undefined;
  const filter = parseFilter(text);
  if (!(filter instanceof FilterError)) return { text, filter };
  problems.push(`The filter in this link, “${text.slice(0, 60)}”, cannot be read: ${filter.message}`);
  return undefined;
}

type Given<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Absent is not the same as undefined. */
function withoutUndefined<T extends object>(value: T): Partial<Given<T>> {
  const result: Partial<Given<T>> = {};
  for (const key in value) {
    const one = value[key];
    if (one !== undefined) Object.assign(result, { [key]: one });
  }
  return result;
}
