// SPDX-License-Identifier: MIT
// The state of the page and what a person can do to it. The guest itself comes in from outside
// (`GuestSource`), so that the page and a test may start the same real guest in their own ways.

import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { ByteChannel } from "../base/ByteChannel.ts";
import { SessionLostError } from "../bridge/BridgeError.ts";
import type { Guest } from "../bridge/Guest.ts";
import type { KernelEvent } from "../bridge/KernelEvent.ts";
import { Flow } from "../flow/Flow.ts";
import type { Run } from "../flow/Lives.ts";
import { LogError } from "../flow/log/LogReader.ts";
import type { Phase } from "../view/boot/Boot.ts";
import { Transcript } from "../view/output/Transcript.ts";
import { pictureSummary } from "../view/picture/Summary.ts";
import { lineOf } from "../view/programs/Words.ts";
import { argvOf, type Scenario } from "../view/scenarios/Scenario.ts";
import { spawnProblem } from "./Problems.ts";
import { type PartOfLog, readLog } from "./readLog.ts";

/** What takes programs. */
export interface Runner {
  /** Rejects with an errno-carrying error when the program cannot be started. */
  spawn(argv: readonly string[], listener: OutputListener, signal: AbortSignal): Promise<ExitWords>;
}

/** A guest that runs, seen from the page. */
export interface LiveGuest extends Runner, AsyncDisposable {
  readonly console: ByteChannel;
  /** Null when it was restored; else why it had to boot. */
  readonly cold: string | null;
  readonly maxArgumentBytes: number;
  /** Everything else that the guest can be asked for. */
  readonly api: Guest;
}

export type OutputListener = (from: "stdout" | "stderr", bytes: Uint8Array) => void;

export interface ExitWords {
  readonly words: string;
  readonly failed: boolean;
}

/** What a guest tells while it starts and lives. */
export interface GuestListener {
  phase(phase: Phase): void;
  /** A guest that is being restored takes programs already: they run as soon as it does. */
  reachable(runner: Runner): void;
  consoleOutput(bytes: Uint8Array): void;
  events(batch: readonly KernelEvent[]): void;
  /** The monitor began anew; what happened between is unknown. */
  cut(): void;
}

/** What is run before, what it is about, and what puts everything back. */
type Commands = [
  before: readonly (readonly string[])[],
  main: readonly string[],
  after: readonly (readonly string[])[],
];

/** Something to run, by itself or as a scenario. */
interface Wish {
  readonly scenario: Scenario | null;
  readonly commands: Commands;
}

export type GuestSource = (listener: GuestListener, signal: AbortSignal) => Promise<LiveGuest>;

/** A saved log that was opened. */
export interface OpenedLog {
  readonly name: string;
  readonly flow: Flow;
}

/** A saved log that is being opened: what has come of it is shown already. */
export interface ReadingLog {
  readonly name: string;
  readonly bytes: number;
  /** Bytes of the whole log; null where that is not known. */
  readonly size: number | null;
  readonly events: number;
  readonly announced: number;
}

export interface LabState {
  readonly phase: Phase;
  /** What is shown: the guest's own flow, or that of an opened log. */
  readonly flow: Flow;
  /** What the guest does, shown or not. */
  readonly live: Flow;
  /** The log that was opened last. */
  readonly opened: OpenedLog | null;
  readonly reading: ReadingLog | null;
  readonly runs: readonly Run[];
  readonly run: Run | null;
  readonly selected: number | null;
  readonly transcript: Transcript | null;
  /** What is shown, or will be as soon as there is a guest. */
  readonly scenario: Scenario | null;
  readonly running: boolean;
  /** Something was asked for that runs as soon as there is a guest. */
  readonly awaiting: boolean;
  /** A sentence on what went wrong, until it is dismissed. */
  readonly notice: string | null;
  /** For the live region: what just happened, in a sentence. */
  readonly announcement: string;
  /** Raised with every change inside the objects above. */
  readonly version: number;
}

const LOADING: Phase = { kind: "loading", loaded: 0, total: 0 };
/** The console's history that a terminal opened later still gets, in bytes. */
const BACKLOG_BYTES = 1 << 18;
/**
 * Between two looks at a log that is being read. Each takes some milliseconds from the reading: at most ten are
 * taken of a log that comes fast, one a second of one that comes slowly. The first comes soon, while it is small.
 */
const PART_MS = { least: 200, most: 1500 };
const PART_OF_LOG = 0.1;
const PART_EVENTS = 20_000;
/** Of more runs than this no single one is the story: all are shown. */
const MANY_RUNS = 20;

const AGENT_ENDED =
  "The agent in the guest has ended, and what it ran with it. Init starts it again; if it does not come back, restart the guest.";

export class Lab {
  readonly #state = signal<LabState>(firstState());
  readonly #source: GuestSource;
  #guest: LiveGuest | null = null;
  /** The guest while it is being restored. */
  #early: Runner | null = null;
  #life = new AbortController();
  #program: AbortController | null = null;
  /** Settles when nothing runs. */
  #idle: Promise<void> = Promise.resolve();
  /** Asked for before there was a guest to run it in. */
  #awaited: Wish | null = null;
  #following = true;
  /** The frame after which the page may be made anew, and whether something has come for it. */
  #soon = 0;
  #stale = false;
  /** What was spawned last, and which runs came of what. */
  #argv: readonly string[] = [];
  readonly #argvs = new WeakMap<Run, readonly string[]>();
  /** What was announced last without anybody having done something. */
  #summary = "";
  /** Ends the reading of a log. */
  #reading = new AbortController();
  /** What will show what has come of it, and when it last did. */
  #part: ReturnType<typeof setTimeout> | undefined;
  #partMs = 0;
  /** What was shown before it. */
  #before: Pick<LabState, "flow" | "run" | "selected"> | null = null;
  #backlog: Uint8Array[] = [];
  #backlogBytes = 0;

  constructor(source: GuestSource) {
    this.#source = source;
  }

  get state(): ReadonlySignal<LabState> {
    return this.#state;
  }

  get console(): ByteChannel | null {
    return this.#guest?.console ?? null;
  }

  get consoleBacklog(): readonly Uint8Array[] {
    return this.#backlog;
  }

  get guest(): Guest | null {
    return this.#guest?.api ?? null;
  }

  /** Before there is a guest nobody knows: its agent refuses then, in words. */
  get maxArgumentBytes(): number {
    return this.#guest?.maxArgumentBytes ?? Number.POSITIVE_INFINITY;
  }

  /** The program whose run it is, if it was run from here. */
  argvOf(run: Run): readonly string[] | null {
    return this.#argvs.get(run) ?? null;
  }

  /** Shows a saved log in the place of the guest, which goes on; as it comes in. `size`: its bytes, where known. */
  async open(name: string, bytes: ReadableStream<Uint8Array>, size: number | null = null): Promise<boolean> {
    this.#endReading();
    const { signal } = this.#reading;
    try {
      const flow = await readLog(bytes, signal, (part) => this.#came(name, size, part));
      signal.throwIfAborted();
      this.#before = null;
      this.#endReading();
      this.#update({ opened: { name, flow }, reading: null, notice: null });
      this.showFlow(flow);
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      this.#endReading();
      const why = error instanceof LogError ? error.message : `${name} is damaged, or no event log of ddlab.`;
      this.say(why);
      return false;
    }
  }

  /** Shows what has come of a log a little later, and what comes meanwhile with it. */
  #came(name: string, size: number | null, { flow, bytes, announced }: PartOfLog): void {
    const reading = { name, bytes, size, events: flow.length, announced };
    clearTimeout(this.#part);
    const shown = this.#state.value.reading?.events ?? 0;
    const much = shown === 0 ? 0 : Math.max(PART_EVENTS, announced * PART_OF_LOG);
    const apart = flow.length - shown > much ? PART_MS.least : PART_MS.most;
    const wait = Math.max(0, this.#partMs + apart - performance.now());
    this.#part = setTimeout(() => this.#showPart(flow, reading), wait);
  }

  #showPart(flow: Flow, reading: ReadingLog): void {
    this.#partMs = performance.now();
    const { flow: shown, run, selected } = this.#state.value;
    this.#before ??= { flow: shown, run, selected };
    const kept = flow === shown ? selected : null;
    this.#update({ flow, run: flow.whole, runs: withLinks(flow), selected: kept, reading });
  }

  /** A reading that goes on ends without a word, and of its log nothing stays. */
  #endReading(): void {
    clearTimeout(this.#part);
    this.#partMs = performance.now();
    this.#reading.abort();
    this.#reading = new AbortController();
    const before = this.#before;
    this.#before = null;
    if (before) this.#update({ ...before, runs: withLinks(before.flow), reading: null });
  }

  /** Back to the guest, or to the opened log. */
  showFlow(flow: Flow): void {
    if (this.#state.value.reading) this.#endReading();
    const runs = withLinks(flow);
    const run = runs.length > MANY_RUNS ? flow.whole : (runs.at(-1) ?? null);
    const selected = flow === this.#state.value.flow ? this.#state.value.selected : null;
    this.#following = true;
    this.#update({ flow, runs, run, selected: selected ?? (run ? firstItem(flow, run) : null) });
  }

  /** Starts a guest; resolves when it is ready or has failed. */
  async start(): Promise<void> {
    this.#life = new AbortController();
    const { signal } = this.#life;
    try {
      const guest = await this.#source(this.#listener(signal), signal);
      if (signal.aborted) await guest[Symbol.asyncDispose]();
      else this.#guest = guest;
      this.#update({});
      void this.#performAwaited();
    } catch (error) {
      if (!signal.aborted) this.#failed(error);
    }
  }

  async restart(): Promise<void> {
    this.#life.abort();
    this.#endReading();
    const old = this.#guest;
    this.#guest = this.#early = null;
    this.#backlog = [];
    this.#backlogBytes = 0;
    const [version, awaiting] = [this.#state.value.version + 1, this.#awaited !== null];
    this.#state.value = { ...firstState(), version, awaiting };
    await old?.[Symbol.asyncDispose]();
    await this.start();
  }

  /** Runs a program, unless one runs: at once, or as soon as the guest is ready. */
  async run(argv: readonly string[]): Promise<void> {
    if (this.#state.value.running) return;
    this.#wish({ scenario: null, commands: [[], argv, []] });
    await this.#performAwaited();
  }

  /** Shows a scenario in the place of whatever runs: at once, or as soon as the guest is ready. */
  async play(scenario: Scenario): Promise<void> {
    const { before = [], line, after = [] } = scenario;
    this.#wish({ scenario, commands: [before.map(argvOf), argvOf(line), after.map(argvOf)] });
    this.#program?.abort();
    await this.#idle;
    await this.#performAwaited();
  }

  #wish(wish: Wish): void {
    this.#awaited = wish;
    this.#update({ scenario: wish.scenario, awaiting: true, notice: null });
  }

  async #performAwaited(): Promise<void> {
    const { phase, running } = this.#state.value;
    const [wish, runner] = [this.#awaited, phase.kind === "ready" ? this.#guest : this.#early];
    if (!wish || !runner || running) return;
    this.#awaited = null;
    await this.#perform(runner, wish);
  }

  #perform(runner: Runner, wish: Wish): Promise<void> {
    const { scenario } = wish;
    this.#following = true;
    if (this.#state.value.flow !== this.#state.value.live) this.showFlow(this.#state.value.live);
    const transcript = new Transcript();
    this.#update({ transcript, scenario, running: true, awaiting: false, notice: null, announcement: "" });
    this.#idle = this.#runAll(runner, transcript, wish).finally(() => {
      if (this.#state.value.transcript === transcript) this.#update({ running: false });
    });
    return this.#idle;
  }

  async #runAll(runner: Runner, transcript: Transcript, wish: Wish): Promise<void> {
    const [before, main, after] = wish.commands;
    const program = new AbortController();
    this.#program = program;
    try {
      for (const argv of before) await this.#spawn(runner, transcript, argv, program.signal);
      const { words, failed } = await this.#spawn(runner, transcript, main, program.signal);
      transcript.end(words, failed);
    } catch (error) {
      if (this.#wishAgain(wish, error)) return;
      this.#broken(transcript, main[0] ?? "", error);
    }
    // A guest that is gone has nothing to put back.
    for (const argv of after) await this.#spawn(runner, transcript, argv, this.#life.signal).catch(() => {});
  }

  /** It was for a guest that could not be restored after all: the one that boots in its place gets it. */
  #wishAgain(wish: Wish, error: unknown): boolean {
    if (this.#guest || this.#life.signal.aborted || !(error instanceof SessionLostError)) return false;
    this.#awaited = wish;
    this.#update({ transcript: null, running: false, awaiting: true });
    return true;
  }

  #spawn(
    runner: Runner,
    transcript: Transcript,
    argv: readonly string[],
    signal: AbortSignal,
  ): Promise<ExitWords> {
    this.#argv = argv;
    transcript.begin(lineOf(argv));
    this.#update({});
    const listener: OutputListener = (from, bytes) => {
      transcript.add(from, bytes);
      this.#update({});
    };
    return runner.spawn(argv, listener, signal);
  }

  /** A program that was stopped, or went down with its guest, needs no words beyond those. */
  #broken(transcript: Transcript, program: string, error: unknown): void {
    const stopped = this.#program?.signal.aborted === true;
    transcript.end(stopped ? "stopped" : "did not run to its end", true);
    if (!stopped && this.#state.value.transcript === transcript) this.say(spawnProblem(program, error));
  }

  /** Ends what runs; what has not begun is not wanted any more. */
  stop(): void {
    this.#awaited = null;
    this.#program?.abort();
    if (this.#state.value.awaiting) this.#update({ awaiting: false });
  }

  show(run: Run): void {
    this.#following = run === this.#state.value.runs.at(-1);
    this.#update({ run, selected: null });
  }

  /** Shows the run that the event belongs to, if another is shown. */
  select(row: number): void {
    const { flow, run } = this.#state.value;
    const of = run === flow.whole ? run : (flow.runOf(row) ?? run);
    if (of !== run) this.#following = of === this.#state.value.runs.at(-1);
    this.#update({ selected: row, run: of, announcement: "" });
  }

  /** Says what has been done, where nothing else shows it. */
  announce(announcement: string): void {
    this.#update({ announcement });
  }

  /** Tells the person something that went wrong. */
  say(notice: string): void {
    this.#update({ notice });
  }

  dismiss(): void {
    this.#update({ notice: null });
  }

  #listener(signal: AbortSignal): GuestListener {
    const whileAlive =
      <A extends unknown[]>(act: (...given: A) => void) =>
      (...given: A) => {
        if (!signal.aborted) act(...given);
      };
    return {
      phase: whileAlive((phase) => this.#phase(phase)),
      reachable: whileAlive((runner) => this.#reachable(runner)),
      consoleOutput: whileAlive((bytes) => this.#keep(bytes)),
      events: whileAlive((batch) => this.#ingest(batch)),
      cut: whileAlive(() => this.#state.value.live.cut()),
    };
  }

  #reachable(runner: Runner): void {
    this.#early = runner;
    void this.#performAwaited();
  }

  #phase(phase: Phase): void {
    if (phase.kind !== "loading" && !(phase.kind === "starting" && phase.cold === null)) this.#early = null;
    if (phase.kind === "guest-lost") this.#program?.abort();
    // It is back within a moment, too short to read the status by: the notice stays until it is dismissed.
    if (phase.kind === "agent-lost" && this.#state.value.phase.kind === "ready") this.say(AGENT_ENDED);
    this.#update({ phase });
    void this.#performAwaited();
  }

  #failed(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    const hopeless = typeof WebAssembly !== "object";
    this.#update({ phase: { kind: "failed", reason, hopeless } });
  }

  #keep(bytes: Uint8Array): void {
    this.#backlog.push(bytes);
    this.#backlogBytes += bytes.length;
    while (this.#backlogBytes > BACKLOG_BYTES) this.#backlogBytes -= this.#backlog.shift()?.length ?? 0;
  }

  #ingest(batch: readonly KernelEvent[]): void {
    const { flow, live } = this.#state.value;
    const before = live.runs.length;
    for (const event of batch) live.push(event);
    if (this.#state.value.running)
      for (const made of live.runs.slice(before)) this.#argvs.set(made, this.#argv);
    if (flow === live) this.#showSoon();
  }

  /** However many batches come, the page is made anew once a frame; what comes after a pause does not wait for one. */
  #showSoon(): void {
    this.#stale = this.#soon !== 0;
    if (this.#stale) return;
    this.#soon = requestAnimationFrame(() => {
      this.#soon = 0;
      if (this.#stale) this.#showSoon();
    });
    if (this.#state.value.flow === this.#state.value.live) this.#showLive();
  }

  #showLive(): void {
    const { flow, run } = this.#state.value;
    const runs = withLinks(flow);
    const shown = this.#following ? (runs.at(-1) ?? run) : run;
    const over = shown !== null && shown.alive === 0;
    const selected = shown === run ? this.#state.value.selected : null;
    this.#update({
      runs,
      run: shown,
      selected: selected ?? (over && shown ? firstItem(flow, shown) : null),
      ...(over && shown ? { announcement: this.#summaryOr(this.#state.value.announcement, shown) } : {}),
    });
  }

  /** What stands there stays if it tells of what the person has just done: nothing automatic takes its place. */
  #summaryOr(announcement: string, run: Run): string {
    if (announcement !== "" && announcement !== this.#summary) return announcement;
    this.#summary = pictureSummary(run);
    return this.#summary;
  }

  #update(change: Partial<LabState>): void {
    const before = this.#state.value;
    this.#state.value = { ...before, ...change, version: before.version + 1 };
  }
}

/** Processes that never touch a link are no story. */
function withLinks(flow: Flow): Run[] {
  return flow.runs.filter(({ links }) => links.length > 0);
}

/** What the inspector shows when nobody has chosen yet: the first item's birth. */
function firstItem(flow: Flow, run: Run): number | null {
  const link = run.links.find(({ items }) => items.length > 0);
  return link ? flow.item(link.items.at(0)).born : null;
}

function firstState(): LabState {
  const live = new Flow();
  return {
    phase: LOADING,
    flow: live,
    live,
    opened: null,
    reading: null,
    runs: [],
    run: null,
    selected: null,
    transcript: null,
    scenario: null,
    running: false,
    awaiting: false,
    notice: null,
    announcement: "",
    version: 0,
  };
}
