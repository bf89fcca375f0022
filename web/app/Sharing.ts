// SPDX-License-Identifier: MIT
// What leaves the page and comes back: files, and addresses that restore what a person looks at.

import { chromeTrace } from "../flow/export/chromeTrace.ts";
import type { Flow } from "../flow/Flow.ts";
import type { Run } from "../flow/Lives.ts";
import { writeLog } from "../flow/log/writeLog.ts";
import { drawingAsSvg, type Svg } from "../view/export/drawingAsSvg.ts";
import { chooseFile, pageColours, saveFile, svgAsPng } from "../view/export/files.ts";
import { flowOfRun, packLog, unpackLog } from "./carriedLog.ts";
import type { Lab, LabState } from "./Lab.ts";
import type { Stage } from "./Stage.ts";
import { printViewLink, readViewLink, type Source, type View } from "./ViewLink.ts";

/** A program of a link that has not come to its end by then is shown as it is. */
const RUN_MS = 120_000;

export class Sharing {
  readonly #stage: Stage;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  saveLog(): void {
    const { flow } = this.#state ?? {};
    if (flow) saveFile("ddlab-events.json", new Blob([...writeLog(flow)], { type: "application/json" }));
  }

  saveTrace(): void {
    const shown = this.#shown;
    if (!shown) return;
    const text = JSON.stringify(chromeTrace(shown.flow, shown.run));
    saveFile("ddlab-trace.json", new Blob([text], { type: "application/json" }));
  }

  saveSvg(): void {
    const svg = this.#svg();
    if (svg) saveFile("ddlab.svg", new Blob([svg.text], { type: "image/svg+xml" }));
  }

  async savePng(): Promise<void> {
    const svg = this.#svg();
    if (!svg) return;
    try {
      saveFile("ddlab.png", await svgAsPng(svg));
    } catch (error) {
      this.#say(sentenceOf(error));
    }
  }

  async open(): Promise<void> {
    const file = await chooseFile("application/json,.json");
    if (file) await this.take(file);
  }

  async take(file: File): Promise<void> {
    const opened = await this.#stage.lab?.open(file.name, file.stream(), file.size);
    if (opened) this.#stage.lab?.announce(`The log ${file.name} is shown.`);
  }

  /** The address of the page that has this view again: of the same program run anew, or of these very events. */
  async address(events: "again" | "these"): Promise<string | null> {
    const source = await this.#source(events);
    if (!source) return null;
    const url = new URL(location.href);
    if (source.kind !== "none") url.searchParams.delete("scenario");
    url.hash = printViewLink(source, this.#view());
    return url.href;
  }

  /** Does what an address asks for; what is wrong with it is said, and the rest is done. */
  async restore(hash: string): Promise<void> {
    const { source, view, problems } = readViewLink(hash);
    if (problems.length > 0) this.#say(problems.join(" "));
    if (source.kind === "none" && Object.keys(view).length === 0) return;
    const there = await this.#obtain(source);
    const more = there ? await this.#apply(view) : [];
    if (problems.length + more.length > 0) this.#say([...problems, ...more].join(" "));
  }

  get #state(): LabState | null {
    return this.#stage.lab?.state.peek() ?? null;
  }

  get #shown(): { flow: Flow; run: Run } | null {
    const { flow, run } = this.#state ?? {};
    return flow && run ? { flow, run } : null;
  }

  #say(words: string): void {
    this.#stage.lab?.say(words);
  }

  #svg(): Svg | null {
    const stage = this.#stage;
    const shown = this.#shown;
    if (!shown) return null;
    const { matching, markers } = stage.looking.state.peek();
    try {
      const kind = stage.panel?.kind ?? "story";
      return drawingAsSvg({ ...shown, kind, matching, markers }, pageColours());
    } catch (error) {
      this.#say(sentenceOf(error));
      return null;
    }
  }

  async #source(events: "again" | "these"): Promise<Source | null> {
    const lab = this.#stage.lab;
    const shown = this.#shown;
    if (!lab || !shown) return null;
    const argv = lab.argvOf(shown.run);
    if (events === "again" && argv)
      return lab.state.peek().scenario ? { kind: "none" } : { kind: "run", argv };
    const data = await packLog(flowOfRun(shown.flow, shown.run));
    if (data !== null) return { kind: "data", data };
    this.#say("This run is too long for an address: save its events as a file and give that on.");
    return null;
  }

  #view(): View {
    const stage = this.#stage;
    const { selected } = this.#state ?? {};
    const run = this.#shown?.run;
    if (!run) return {};
    const { looking, panel } = stage;
    const index = (row: number | null | undefined) =>
      row === null || row === undefined ? undefined : run.events.lowerBound(row);
    const text = looking.state.peek().filter.trim();
    const said = {
      filter: text === "" ? undefined : { text, filter: looking.current },
      axis: panel?.kind === "time" ? ("time" as const) : undefined,
      event: index(selected),
      moment: panel?.picture?.moment ?? undefined,
      range: panel?.picture?.range ?? undefined,
      a: index(looking.marked("A")),
      b: index(looking.marked("B")),
    };
    return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
  }

  /** True when there is something to look at. */
  async #obtain(source: Source): Promise<boolean> {
    const lab = this.#stage.lab;
    if (!lab) return false;
    if (source.kind === "data") return lab.open("The run in this link", unpackLog(source.data));
    if (source.kind === "log") return this.#fetch(lab, source.address);
    if (source.kind === "run") {
      if (!(await until(lab, ({ phase }) => phase.kind === "ready"))) return false;
      const before = lab.state.peek().run;
      void lab.run(source.argv);
      if (!(await until(lab, ({ run }) => run !== null && run !== before))) return false;
    }
    return until(lab, ({ run, running }) => run !== null && run.alive === 0 && !running);
  }

  async #fetch(lab: Lab, address: string): Promise<boolean> {
    try {
      const response = await fetch(address, { signal: AbortSignal.timeout(RUN_MS) });
      if (response.ok && response.body) return await lab.open(address, response.body, sizeOf(response));
      lab.say(`The log of this link, ${address}, is not there (${response.status}).`);
    } catch (error) {
      lab.say(`The log of this link, ${address}, cannot be had: ${sentenceOf(error)}`);
    }
    return false;
  }

  /** What of the view the run does not have, in sentences. */
  async #apply({ filter, axis, event, moment, range, a, b }: View): Promise<string[]> {
    const stage = this.#stage;
    const run = this.#shown?.run;
    const { lab, looking } = stage;
    if (!lab || !run) return [];
    const missing: string[] = [];
    const row = (index: number | undefined): number | null => {
      if (index === undefined) return null;
      if (index < run.events.length) return run.events.at(index);
      missing.push(`The run has ${run.events.length} events, and the link means number ${index + 1}.`);
      return null;
    };
    if (filter) looking.filter(filter.text, filter.filter);
    if (axis && stage.panel) stage.panel.kind = axis;
    const [rowA, rowB, selected] = [row(a), row(b), row(event)];
    if (rowA !== null) looking.mark("A", rowA);
    if (rowB !== null) looking.mark("B", rowB);
    await stage.drawn();
    // The moment may lie outside of what was in sight.
    if (moment !== undefined && moment < run.events.length) stage.panel?.picture?.goTo(moment);
    if (range) stage.panel?.picture?.showRange(range);
    if (selected !== null) lab.select(selected);
    await stage.drawn();
    if (selected !== null && !range) stage.panel?.picture?.reveal(selected);
    return missing;
  }
}

/** False when it has not come about in time. */
function until(lab: Lab, holds: (state: LabState) => boolean): Promise<boolean> {
  return new Promise((resolve) => {
    const late = setTimeout(() => end(false), RUN_MS);
    const ends: (() => void)[] = [];
    const end = (held: boolean): void => {
      clearTimeout(late);
      for (const stop of ends) stop();
      resolve(held);
    };
    let held = false;
    const stop = lab.state.subscribe((state) => {
      if (held || !holds(state)) return;
      held = true;
      queueMicrotask(() => end(true));
    });
    ends.push(stop);
  });
}

/** Null where the server does not say, or says how much it is when compressed. */
function sizeOf({ headers }: Response): number | null {
  const size = Number(headers.get("Content-Length") ?? 0);
  return size > 0 && !headers.has("Content-Encoding") ? size : null;
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
