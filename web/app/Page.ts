// SPDX-License-Identifier: MIT
// <dd-page>: the page. It shows what the lab knows and hands on what a person does; it decides nothing.

import { effect } from "@preact/signals-core";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Run } from "../flow/Lives.ts";
import "../view/boot/Boot.ts";
import { loadedWords, type Phase } from "../view/boot/Boot.ts";
import "../view/events/EventTable.ts";
import "../view/inspector/Inspector.ts";
import "../view/output/Output.ts";
import "../view/panel/FlowPanel.ts";
import type { RunRequest } from "../view/programs/Programs.ts";
import "../view/programs/Programs.ts";
import type { Scenario } from "../view/scenarios/Scenario.ts";
import "../view/scenarios/Scenarios.ts";
import { controls } from "../view/style/controls.ts";
import type { Lab } from "./Lab.ts";
import { pageStyle } from "./Page.style.ts";

type Tab = "inspector" | "events" | "console";

const TABS: readonly (readonly [Tab, string])[] = [
  ["inspector", "Selected"],
  ["events", "All events"],
  ["console", "Console"],
];

/** A picture of two processes and a link has this height, in pixels. */
const PICTURE_HEIGHT = 460;

export class Page extends LitElement {
  static override properties = {
    lab: { attribute: false },
    tab: { state: true },
    newer: { state: true },
  };
  static override styles = [controls, pageStyle];

  declare lab: Lab | null;
  declare tab: Tab;
  /** Puts a newer build in the place of this one, when there is one. */
  declare newer: (() => void) | null;
  #unwatch: () => void = () => {};
  #consoleSeen = false;
  #asked = false;
  #shown: Run | null = null;
  #told: Scenario | null = null;

  constructor() {
    super();
    this.lab = null;
    this.tab = "inspector";
    this.newer = null;
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
      lab?.state.value;
      this.requestUpdate();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatch();
  }

  protected override render(): TemplateResult {
    const lab = this.lab;
    if (!lab) return html``;
    const { phase, notice } = lab.state.value;
    return html`
      <header>
        <h1>ddlab</h1>
        <p class="what">A ddlink is a file descriptor into the kernel: each write runs a handler at once, each read takes one whole item.</p>
        ${this.#status(phase)}
      </header>
      <main @dd-select=${this.#onSelect}>
        <dd-scenarios class="scenarios" .current=${lab.state.value.scenario} @dd-scenario=${this.#onScenario}></dd-scenarios>
        ${this.newer ? this.#newer(this.newer) : nothing}
        ${notice === null ? nothing : this.#notice(notice)}
        <div class="left">${this.#programs(lab)} ${this.#output(lab)}</div>
        <div class="right">${this.#flow(lab)} ${this.#more(lab)}</div>
      </main>
      <div class="spoken" role="status">${lab.state.value.announcement}</div>`;
  }

  #status(phase: Phase): TemplateResult {
    const mood =
      phase.kind === "ready" ? "ready" : phase.kind.endsWith("lost") || phase.kind === "failed" ? "lost" : "";
    const restart = phase.kind === "ready" || phase.kind === "agent-lost";
    return html`<div class="status"><i class=${mood}></i><span role="status">${statusWords(phase)}</span>
      ${restart ? html`<button type="button" @click=${() => this.lab?.restart()}>Restart</button>` : nothing}</div>`;
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
    const { phase, running } = lab.state.value;
    return html`<section class="run pad" aria-label="Programs">
      <dd-programs ?ready=${phase.kind === "ready"} ?running=${running} .maxBytes=${lab.maxArgumentBytes}
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
    const { flow, runs, run, version, selected, phase, scenario } = lab.state.value;
    const alive = phase.kind === "ready" || phase.kind === "agent-lost";
    return html`<section class="flow" aria-label="Flow">
      ${scenario ? html`<p class="look"><b>${scenario.title}</b> ${scenario.look}</p>` : nothing}
      ${run && !alive ? html`<dd-boot .phase=${phase} @dd-restart=${() => lab.restart()}></dd-boot>` : nothing}
      <dd-flow-panel .flow=${flow} .runs=${runs} .run=${run} .version=${version} .selected=${selected}
        @dd-run-chosen=${({ detail }: CustomEvent<Run>) => lab.show(detail)}>
        <dd-boot .phase=${phase} @dd-restart=${() => lab.restart()}></dd-boot>
      </dd-flow-panel>
    </section>`;
  }

  #more(lab: Lab): TemplateResult {
    return html`<section class="more pad" aria-label="Details">
      <div class="tabs" role="group" aria-label="Details">
        ${TABS.map(([tab, name]) => html`<button type="button" aria-pressed=${this.tab === tab} @click=${() => this.#open(tab)}>${name}</button>`)}
      </div>
      ${this.#details(lab)}
    </section>`;
  }

  #details(lab: Lab): TemplateResult {
    const { flow, run, version, selected } = lab.state.value;
    return html`
      <dd-inspector ?hidden=${this.tab !== "inspector"} .flow=${flow} .selected=${selected} .version=${version}></dd-inspector>
      ${this.tab === "events" ? html`<dd-event-table .flow=${flow} .run=${run} .selected=${selected} .version=${version}></dd-event-table>` : nothing}
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
    const { run = null, scenario = null } = this.lab?.state.value ?? {};
    this.#asked ||= scenario !== null && scenario !== this.#told;
    this.#told = scenario;
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

  #open(tab: Tab): void {
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

  readonly #onSelect = ({ detail }: CustomEvent<number>): void => {
    this.lab?.select(detail);
  };
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
