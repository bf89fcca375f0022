// SPDX-License-Identifier: MIT
// <dd-page>: the page. It shows what the lab knows and hands on what a person does; it decides nothing.

import { effect, untracked } from "@preact/signals-core";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { grouped } from "../base/grouped.ts";
import type { Flow } from "../flow/Flow.ts";
import type { Run } from "../flow/Lives.ts";
import "../view/boot/Boot.ts";
import { loadedWords, megabytes, type Phase } from "../view/boot/Boot.ts";
import type { Candidate, ShowEvent } from "../view/compare/Compare.ts";
import "../view/compare/Compare.ts";
import "../view/events/EventTable.ts";
import { FilterBar, type FilterChange } from "../view/filter/FilterBar.ts";
import "../view/inspector/Inspector.ts";
import "../view/output/Output.ts";
import { Commands } from "../view/palette/Commands.ts";
import { Palette } from "../view/palette/Palette.ts";
import { FlowPanel, runName } from "../view/panel/FlowPanel.ts";
import type { RunRequest } from "../view/programs/Programs.ts";
import "../view/programs/Programs.ts";
import type { Scenario } from "../view/scenarios/Scenario.ts";
import "../view/scenarios/Scenarios.ts";
import { controls } from "../view/style/controls.ts";
import { withScenario } from "./Address.ts";
import { Deeds } from "./Deeds.ts";
import { Keyboard } from "./Keyboard.ts";
import type { Lab, ReadingLog } from "./Lab.ts";
import { betweenMarkers, Looking, matchWords, occurringIn } from "./Looking.ts";
import { pageStyle } from "./Page.style.ts";
import { pageCommands } from "./pageCommands.ts";
import { Sharing } from "./Sharing.ts";
import type { Stage, Tab } from "./Stage.ts";

const TABS: readonly (readonly [Tab, string])[] = [
  ["inspector", "Selected"],
  ["events", "All events"],
  ["compare", "Compare"],
  ["console", "Console"],
];

/** A picture of two processes and a link has this height, in pixels. */
const PICTURE_HEIGHT = 460;

export class Page extends LitElement implements Stage {
  static override properties = {
    lab: { attribute: false },
    minimal: { type: Boolean, reflect: true },
    tab: { state: true },
    newer: { state: true },
    dropping: { state: true },
  };
  static override styles = [controls, pageStyle];

  declare lab: Lab | null;
  /** Only the picture, with what belongs to it: for a page within a page. */
  declare minimal: boolean;
  declare tab: Tab;
  /** Puts a newer build in the place of this one, when there is one. */
  declare newer: (() => void) | null;
  /** A file is held over the page. */
  declare dropping: boolean;
  readonly looking = new Looking();
  readonly commands = new Commands();
  readonly keyboard = new Keyboard(this.commands, () => this.palette?.shown !== null);
  readonly sharing = new Sharing(this);
  readonly #deeds = new Deeds(this, this.sharing);
  #unwatch: () => void = () => {};
  #consoleSeen = false;
  #asked = false;
  #shown: Run | null = null;
  #shownFlow: Flow | null = null;
  #told: Scenario | null = null;

  constructor() {
    super();
    this.lab = null;
    this.minimal = false;
    this.tab = "inspector";
    this.newer = null;
    this.dropping = false;
    this.commands.register(pageCommands(this.#deeds));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("keydown", this.keyboard.handle);
  }

  /** Says that there is a newer build; nothing changes before the person has said so. */
  offer(accept: () => void): void {
    this.newer = accept;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("lab")) this.#watch(this.lab);
  }

  #watch(lab: Lab | null): void {
    this.#unwatch();
    this.#unwatch = effect(() => {
      const flow = lab?.state.value.flow;
      if (flow) untracked(() => this.looking.follow(flow));
      this.looking.state.value;
      this.requestUpdate();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("keydown", this.keyboard.handle);
    this.#unwatch();
  }

  protected override render(): TemplateResult {
    const lab = this.lab;
    if (!lab) return html``;
    return html`${this.minimal ? this.#small(lab) : this.#whole(lab)}
      <div class="spoken" role="status">${lab.state.value.announcement}</div>
      <dd-palette .commands=${this.commands}></dd-palette>`;
  }

  #small(lab: Lab): TemplateResult {
    const { phase, notice, scenario, running } = lab.state.value;
    const again = () => scenario && lab.play(scenario);
    return html`
      <main aria-label="ddlab" @dd-select=${this.#onSelect}>
        <h1 class="spoken">ddlab</h1>
        ${scenario ? nothing : this.#scenarios(lab)}
        ${notice === null ? nothing : this.#notice(notice)}
        ${this.#flow(lab)}
        <footer>
          ${scenario ? html`<button type="button" ?disabled=${phase.kind !== "ready" || running} @click=${again}>Run again</button>` : nothing}
          ${this.#status(phase)}
          <a href=${withScenario(new URL("./", location.href).href, scenario)} target="_blank" rel="noopener">Open in ddlab</a>
        </footer>
      </main>`;
  }

  #whole(lab: Lab): TemplateResult {
    const { phase, notice } = lab.state.value;
    return html`
      <header>
        <h1>ddlab</h1>
        <p class="what">A ddlink is a file descriptor into the kernel: each write runs a handler at once, each read takes one whole item.</p>
        ${this.#status(phase)}
      </header>
      <main class=${this.dropping ? "dropping" : ""} @dd-select=${this.#onSelect} @dragover=${this.#onDrag} @dragleave=${this.#onDragEnd} @drop=${this.#onDrop}>
        ${this.#scenarios(lab)}
        ${this.newer ? this.#newer(this.newer) : nothing}
        ${notice === null ? nothing : this.#notice(notice)}
        <div class="left">${this.#programs(lab)} ${this.#output(lab)}</div>
        <div class="right">${this.#flow(lab)} ${this.#more(lab)}</div>
      </main>`;
  }

  #scenarios(lab: Lab): TemplateResult {
    const { scenario } = lab.state.value;
    return html`<dd-scenarios class="scenarios" .current=${scenario} @dd-scenario=${this.#onScenario}></dd-scenarios>`;
  }

  #status(phase: Phase): TemplateResult {
    const mood =
      phase.kind === "ready" ? "ready" : phase.kind.endsWith("lost") || phase.kind === "failed" ? "lost" : "";
    const restart = phase.kind === "ready" || phase.kind === "agent-lost";
    return html`<div class="status"><i class=${mood}></i><span role="status">${statusWords(phase)}</span>
      ${restart ? html`<button type="button" @click=${() => this.#deeds.restart()}>Restart</button>` : nothing}
      <button class="icon" type="button" title="All commands (Ctrl-K)" aria-label="Commands" @click=${() => this.#deeds.openPalette()}>☰</button></div>`;
  }

  #newer(accept: () => void): TemplateResult {
    const later = () => {
      this.newer = null;
    };
    return html`<section class="notice news" aria-label="Update"><p role="status">A newer ddlab is ready. It starts with a fresh guest.</p>
      <button type="button" class="primary" @click=${accept}>Update</button>
      <button type="button" @click=${later}>Later</button></section>`;
  }

  #notice(words: string): TemplateResult {
    return html`<section class="notice"><p role="alert" class="trouble">${words}</p>
      <button type="button" @click=${() => this.lab?.dismiss()}>Dismiss</button></section>`;
  }

  #programs(lab: Lab): TemplateResult {
    const { phase, running, awaiting } = lab.state.value;
    return html`<section class="run pad" aria-label="Programs">
      <dd-programs ?ready=${takesPrograms(phase)} ?running=${running} ?awaiting=${awaiting} .maxBytes=${lab.maxArgumentBytes}
        @dd-run=${({ detail }: CustomEvent<RunRequest>) => this.#run(lab, detail)} @dd-stop=${() => lab.stop()}></dd-programs>
    </section>`;
  }

  #output(lab: Lab): TemplateResult {
    const { transcript, version } = lab.state.value;
    return html`<section class="output pad" aria-labelledby="output">
      <h2 id="output">Program output</h2>
      <dd-output .transcript=${transcript} .version=${version}></dd-output>
    </section>`;
  }

  #flow(lab: Lab): TemplateResult {
    const { flow, live, runs, run, version, selected, phase, scenario, reading } = lab.state.value;
    const { matching, markers } = this.looking.state.value;
    // Over a saved log the header says enough of the guest.
    const well = flow !== live || phase.kind === "ready" || phase.kind === "agent-lost";
    return html`<section class="flow" aria-label="Flow">
      ${this.#openedWords(lab)}
      ${scenario ? html`<p class="look"><b>${scenario.title}</b> ${scenario.look}</p>` : nothing}
      ${run && !well ? html`<dd-boot .phase=${phase} @dd-restart=${() => lab.restart()}></dd-boot>` : nothing}
      <dd-flow-panel .flow=${flow} .runs=${runs} .run=${run} .version=${version} .selected=${selected}
        .matching=${matching} .markers=${markers} .growing=${reading?.announced ?? 0} @dd-run-chosen=${({ detail }: CustomEvent<Run>) => lab.show(detail)}>
        ${this.minimal ? nothing : this.#tools(lab)}
        <dd-boot .phase=${phase} @dd-restart=${() => lab.restart()}></dd-boot>
      </dd-flow-panel>
    </section>`;
  }

  /** What is shown is not what the guest does: that must not be mistaken. */
  #openedWords(lab: Lab): TemplateResult | typeof nothing {
    const { flow, live, opened, reading } = lab.state.value;
    if (flow === live) return nothing;
    return html`<p class="look opened">${reading ? readingWords(reading) : html`<span><b>${opened?.name}</b> ${grouped(flow.length)} saved events</span>`}
      <button type="button" @click=${() => this.#deeds.backToGuest()}>Back to the guest</button></p>`;
  }

  #tools(lab: Lab): TemplateResult {
    const { flow, run } = lab.state.value;
    const look = this.looking.state.value;
    const between = betweenMarkers(flow, look, !this.#deeds.showsLog);
    return html`<dd-filter slot="tools" .text=${look.filter} .found=${matchWords(look, run)} .occurring=${() => occurringIn(flow)}
      @dd-filter=${({ detail }: CustomEvent<FilterChange>) => this.looking.filter(detail.text, detail.filter)}
      @dd-match=${({ detail }: CustomEvent<1 | -1>) => this.#deeds.nextMatch(detail)}>
      <button type="button" @click=${() => this.#deeds.openPalette("file ")}>Save or share</button>
      ${
        between === ""
          ? nothing
          : html`<span class="between"><span role="status">${between}</span>
        <button type="button" @click=${() => this.#deeds.clearMarkers()}>Clear markers</button></span>`
      }
    </dd-filter>`;
  }

  #more(lab: Lab): TemplateResult {
    return html`<section class="more pad" aria-label="Details">
      <div class="tabs" role="group" aria-label="Details">
        ${TABS.map(([tab, name]) => html`<button type="button" aria-pressed=${this.tab === tab} @click=${() => this.openTab(tab)}>${name}</button>`)}
      </div>
      ${this.#details(lab)}
    </section>`;
  }

  #details(lab: Lab): TemplateResult {
    const { flow, run, version, selected } = lab.state.value;
    return html`
      <dd-inspector ?hidden=${this.tab !== "inspector"} .flow=${flow} .selected=${selected} .version=${version}
        @dd-follow-item=${() => this.#deeds.followItem()} @dd-follow-link=${() => this.#deeds.followLink()} @dd-pin-link=${() => this.#deeds.pin("link")} @dd-pin-process=${() => this.#deeds.pin("process")} @dd-copy-event=${() => this.#deeds.copyEvent()}></dd-inspector>
      ${this.tab === "events" ? html`<dd-event-table .flow=${flow} .run=${run} .selected=${selected} .version=${version} .matching=${this.looking.state.value.matching} @dd-copy-rows=${({ detail }: CustomEvent<number[]>) => this.#deeds.copyThese(detail)}></dd-event-table>` : nothing}
      ${
        this.tab === "compare"
          ? html`<dd-compare .candidates=${candidates(lab)} .version=${version} @dd-open-log=${() => this.#deeds.openLog()}
              @dd-show-event=${({ detail }: CustomEvent<ShowEvent>) => this.#deeds.showDifference(detail)}></dd-compare>`
          : nothing
      }
      ${this.#consoleSeen ? html`<dd-console ?hidden=${this.tab !== "console"} .channel=${lab.console} .backlog=${lab.consoleBacklog}></dd-console>` : nothing}`;
  }

  readonly #onScenario = ({ detail }: CustomEvent<Scenario>): void => {
    void this.lab?.play(detail);
  };

  #run(lab: Lab, { argv }: RunRequest): void {
    this.#asked = true;
    void lab.run(argv);
  }

  /** On a small screen the picture may lie partly below what one sees: it is what was asked for. */
  protected override updated(): void {
    const { run = null, scenario = null, flow = null, live = null } = this.lab?.state.value ?? {};
    this.#asked ||= scenario !== null && scenario !== this.#told;
    this.#asked ||= flow !== live && flow !== this.#shownFlow;
    this.#told = scenario;
    this.#shownFlow = flow;
    const bring = this.#asked && run !== null && run !== this.#shown;
    this.#shown = run;
    if (!bring) return;
    this.#asked = false;
    requestAnimationFrame(() => this.#bringFlow());
  }

  #bringFlow(): void {
    const flow = this.renderRoot.querySelector(".flow");
    const hidden = flow ? innerHeight - flow.getBoundingClientRect().top < PICTURE_HEIGHT : false;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (hidden) flow?.scrollIntoView({ block: "start", behavior: still ? "instant" : "smooth" });
  }

  get panel(): FlowPanel | null {
    const panel = this.renderRoot.querySelector("dd-flow-panel");
    return panel instanceof FlowPanel ? panel : null;
  }

  get palette(): Palette | null {
    const palette = this.renderRoot.querySelector("dd-palette");
    return palette instanceof Palette ? palette : null;
  }

  get filterBar(): FilterBar | null {
    const bar = this.renderRoot.querySelector("dd-filter");
    return bar instanceof FilterBar ? bar : null;
  }

  async drawn(): Promise<void> {
    await this.updateComplete;
    await this.panel?.updateComplete;
    await this.panel?.picture?.updateComplete;
  }

  openTab(tab: Tab): void {
    if (tab === "console" && !this.#consoleSeen) void this.#loadConsole();
    this.tab = tab;
  }

  /** The terminal is the largest part of the page, and few visitors open it. */
  async #loadConsole(): Promise<void> {
    this.#consoleSeen = true;
    try {
      await import("../view/console/Console.ts");
    } catch {
      this.#consoleSeen = false;
      this.lab?.say("The console could not be loaded: look at the connection and open it again.");
    }
  }

  readonly #onDrag = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.dropping = true;
  };

  readonly #onDragEnd = (): void => {
    this.dropping = false;
  };

  readonly #onDrop = (event: DragEvent): void => {
    this.dropping = false;
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    void this.sharing.take(file);
  };

  readonly #onSelect = ({ detail }: CustomEvent<number>): void => {
    this.lab?.select(detail);
  };
}

/** Every run that there is, of the guest and of the log that was opened last. */
function candidates({ state }: Lab): Candidate[] {
  const { live, opened } = state.value;
  const of = (flow: Flow, source: string): Candidate[] => {
    const runs = flow.runs.filter(({ links }) => links.length > 0);
    const one = runs.map((run) => ({ name: `${source}, run ${runName(run, runs)}`, flow, run }));
    return runs.length > 1 ? [{ name: `${source}, all runs`, flow, run: flow.whole }, ...one] : one;
  };
  return [...(opened ? of(opened.flow, opened.name) : []), ...of(live, "This guest")];
}

/** A guest that is still on its way takes a program too, and runs it when it is there. */
function takesPrograms({ kind }: Phase): boolean {
  return kind === "loading" || kind === "starting" || kind === "ready";
}

/** By bytes where the size is known, else by events: the log's first line says how many it has. */
function readingWords({ name, bytes, size, events, announced }: ReadingLog): TemplateResult {
  const read = size === null ? `${megabytes(bytes)} MB` : loadedWords(bytes, size);
  return html`<span><b>${name}</b> ${read} read, ${grouped(events)} of ${grouped(announced)} events</span>
    <progress aria-label="Reading the log" max=${size ?? announced} value=${size === null ? events : bytes}></progress>`;
}

function statusWords(phase: Phase): string {
  switch (phase.kind) {
    case "loading":
      return `loading, ${loadedWords(phase.loaded, phase.total)}`;
    case "starting":
      return phase.cold === null ? "restoring the guest" : "booting Linux";
    case "ready":
      return phase.cold === null
        ? `guest running, restored in ${(phase.ms / 1000).toFixed(1)} s`
        : `guest running, booted in ${(phase.ms / 1000).toFixed(1)} s`;
    case "agent-lost":
      return phase.reason;
    case "guest-lost":
      return "guest lost";
    case "failed":
      return "no guest";
  }
}

customElements.define("dd-page", Page);
