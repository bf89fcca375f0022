// SPDX-License-Identifier: MIT
// <dd-flow-panel>: the picture with its controls and its legend.

import { css, html, LitElement, nothing, svg, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { AxisKind } from "../../flow/Axis.ts";
import type { Flow } from "../../flow/Flow.ts";
import { type Run, WHOLE } from "../../flow/Lives.ts";
import type { FlowPicture, Marker } from "../picture/FlowPicture.ts";
import "../picture/FlowPicture.ts";
import { LEGEND, MARK_PATHS } from "../picture/Marks.ts";
import { momentSummary, pictureSummary } from "../picture/Summary.ts";
import type { RowSet } from "../picture/shapes.ts";
import { controls } from "../style/controls.ts";

const SPEEDS = [0.25, 0.5, 1, 2, 4];
/** Characters of a summary that has the whole width. */
const LONG = 110;

export class FlowPanel extends LitElement {
  static override properties = {
    flow: { attribute: false },
    runs: { attribute: false },
    run: { attribute: false },
    selected: { attribute: false },
    version: { attribute: false },
    matching: { attribute: false },
    markers: { attribute: false },
    growing: { attribute: false },
    kind: { state: true },
    speed: { state: true },
    explained: { state: true },
  };
  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        grid-template-areas: "head" "tools" "picture" "legend";
      }
      .head {
        grid-area: head;
        display: flex;
      }
      /* A sentence that would fill a narrow column has the whole width. */
      .head.long {
        display: block;
      }
      .bar {
        grid-area: bar;
        display: flex;
        flex-wrap: wrap;
        gap: 6px 14px;
        align-items: center;
        padding: 10px 14px;
      }
      slot[name="tools"] {
        grid-area: tools;
        display: block;
      }
      .picture {
        grid-area: picture;
        min-width: 0;
        border-top: 1px solid var(--line);
      }
      .picture:first-child {
        border-top: 0;
      }
      details {
        grid-area: legend;
      }
      .group {
        display: flex;
        gap: 4px;
        align-items: center;
      }
      .summary {
        grid-area: summary;
        flex: 1 0 260px;
        align-self: center;
        padding: 10px 0 10px 14px;
      }
      .long .summary {
        padding: 10px 14px 0;
      }
      @media (max-width: 900px) {
        :host {
          grid-template-areas: "summary" "tools" "picture" "bar" "legend";
        }
        .head,
        .head.long {
          display: contents;
        }
        .summary,
        .long .summary {
          padding: 10px 14px;
        }
      }
      select {
        width: auto;
      }
      .scrubber {
        width: clamp(90px, 12vw, 180px);
        min-height: 24px;
        margin: 0 4px;
        padding: 0;
        border: 0;
        background: none;
        accent-color: var(--accent);
      }
      details {
        border-top: 1px solid var(--line);
        padding: 8px 14px;
        font-size: 12.5px;
      }
      summary {
        cursor: pointer;
        color: var(--quiet);
        width: max-content;
        min-height: 24px;
      }
      ul {
        list-style: none;
        margin: 8px 0 4px;
        padding: 0;
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(220px, 1fr));
        gap: 4px 16px;
      }
      li {
        display: flex;
        gap: 8px;
        align-items: center;
      }
      svg {
        flex: none;
        fill: var(--process);
        stroke: var(--process);
      }
      svg .line {
        fill: none;
        stroke-width: 2.2;
      }
      svg.depth {
        fill: none;
        stroke-width: 1.4;
      }
      svg.items {
        fill: var(--depth);
        stroke: var(--accent);
      }
      svg.bytes {
        stroke-dasharray: 1 2;
      }
      svg.limit {
        stroke: var(--trouble);
        stroke-dasharray: 5 3;
      }
      svg.far {
        stroke: var(--quiet);
        stroke-dasharray: 1 3;
      }
      svg.is-trouble {
        fill: var(--trouble);
        stroke: var(--trouble);
      }
      svg.is-accent {
        stroke: var(--accent);
      }
    `,
  ];

  declare flow: Flow | null;
  declare runs: readonly Run[];
  declare run: Run | null;
  declare selected: number | null;
  declare version: number;
  declare matching: RowSet | null;
  declare markers: readonly Marker[];
  declare growing: number;
  declare kind: AxisKind;
  declare speed: number;
  /** The marks have been asked for; until then their list would only hold up the first picture. */
  declare explained: boolean;

  constructor() {
    super();
    this.flow = null;
    this.runs = [];
    this.run = null;
    this.selected = null;
    this.version = 0;
    this.matching = null;
    this.markers = [];
    this.growing = 0;
    this.kind = "story";
    this.speed = 1;
    this.explained = false;
  }

  get picture(): FlowPicture | null {
    return this.renderRoot.querySelector("dd-flow-picture");
  }

  protected override render(): TemplateResult {
    return html`
      ${this.run ? html`${this.#bar(this.run)}<slot name="tools"></slot>` : nothing}
      <dd-flow-picture class="picture" .flow=${this.flow} .run=${this.run} .version=${this.version} .kind=${this.kind} .speed=${this.speed}
        .selected=${this.selected} .matching=${this.matching} .markers=${this.markers} .growing=${this.growing} @dd-playing=${() => this.requestUpdate()} @dd-moment=${this.#onMoment}><slot></slot></dd-flow-picture>
      ${this.run ? this.#marks() : nothing}`;
  }

  #marks(): TemplateResult {
    const explain = () => {
      this.explained = true;
    };
    return html`<details @toggle=${explain}><summary>Marks</summary>${this.explained ? legend() : nothing}</details>`;
  }

  #bar(run: Run): TemplateResult {
    const playing = this.picture?.playing ?? false;
    const here = this.picture?.moment ?? null;
    const moment =
      playing || here === null || !this.flow ? "" : ` ${momentSummary(this.flow, run, run.events.at(here))}`;
    const summary = pictureSummary(run);
    return html`<div class="head ${summary.length > LONG ? "long" : ""}"><p class="summary">${summary}${moment}</p>
    <div class="bar" role="toolbar" aria-label="Picture">
      ${this.runs.length > 1 ? this.#runChooser(run) : nothing}
      <div class="group" role="group" aria-label="Play">
        ${icon("Step back", "M3 3v10M13 3L6 8l7 5z", () => this.picture?.step(-1))}
        ${
          playing
            ? icon("Pause", "M5 3v10M11 3v10", () => this.picture?.pause())
            : icon("Play again", "M4 3l9 5l-9 5z", () => this.picture?.play())
        }
        ${icon("Step forward", "M13 3v10M3 3l7 5l-7 5z", () => this.picture?.step(1))}
        ${this.#scrubber(run, here)}
        <select aria-label="Speed" @change=${this.#onSpeed}>
          ${SPEEDS.map((speed) => html`<option value=${speed} ?selected=${speed === this.speed}>${speed}×</option>`)}
        </select>
      </div>
      <div class="group" role="group" aria-label="Axis">
        ${this.#axis("story", "Story", "Each event gets a step; long gaps are cut out")}
        ${this.#axis("time", "Time", "True scale")}
      </div>
      <div class="group" role="group" aria-label="Zoom">
        ${icon("Zoom out", "M3 8h10", () => this.picture?.zoom(1 / 1.5))}
        ${icon("Zoom in", "M3 8h10M8 3v10", () => this.picture?.zoom(1.5))}
        <button type="button" @click=${() => this.picture?.fit()}>Fit</button>
      </div>
    </div></div>`;
  }

  /** The run from its first event to its last; while it plays, the picture moves the thumb. */
  #scrubber({ events }: Run, here: number | null): TemplateResult {
    const last = Math.max(0, events.length - 1);
    const at = here ?? last;
    return html`<input type="range" class="scrubber" aria-label="Moment" title="Moment" min="0" max=${last} .value=${live(String(at))}
      aria-valuetext=${`event ${at + 1} of ${events.length}`} @input=${this.#onScrub}>`;
  }

  #runChooser(run: Run): TemplateResult {
    const all = this.flow ? [this.flow.whole, ...this.runs.slice(-RUNS_LISTED)] : this.runs;
    const options = all.map(
      (one) =>
        html`<option value=${one.ordinal} ?selected=${one === run}>${runName(one, this.runs)}</option>`,
    );
    return html`<select aria-label="Run" .value=${String(run.ordinal)} @change=${this.#onRun}>${options}</select>`;
  }

  #axis(kind: AxisKind, name: string, title: string): TemplateResult {
    const choose = () => {
      this.kind = kind;
    };
    return html`<button type="button" title=${title} aria-pressed=${this.kind === kind} @click=${choose}>${name}</button>`;
  }

  readonly #onScrub = ({ target }: Event): void => {
    if (target instanceof HTMLInputElement) this.picture?.goTo(Number(target.value));
  };

  readonly #onMoment = (): void => {
    const scrubber = this.renderRoot.querySelector(".scrubber");
    const moment = this.picture?.moment ?? null;
    if (scrubber instanceof HTMLInputElement && moment !== null) scrubber.value = String(moment);
  };

  readonly #onSpeed = ({ target }: Event): void => {
    if (target instanceof HTMLSelectElement) this.speed = Number(target.value);
  };

  readonly #onRun = ({ target }: Event): void => {
    if (!(target instanceof HTMLSelectElement)) return;
    const ordinal = Number(target.value);
    const chosen = ordinal === WHOLE ? this.flow?.whole : this.runs.find((run) => run.ordinal === ordinal);
    this.dispatchEvent(new CustomEvent("dd-run-chosen", { detail: chosen, bubbles: true, composed: true }));
  };
}

/** A choice of thousands is none; the others are in the picture of all. */
const RUNS_LISTED = 100;

/** As people tell it from the others. */
export function runName(run: Run, runs: readonly Run[]): string {
  if (run.ordinal === WHOLE) return "All runs";
  const comms = [...new Set(run.processes.map(({ comm }) => comm))];
  const name = comms.join(", ") || run.links[0]?.creator?.comm || "link";
  return `${runs.indexOf(run) + 1}: ${name}`;
}

function icon(name: string, d: string, press: () => void): TemplateResult {
  return html`<button class="icon" type="button" title=${name} aria-label=${name} @click=${press}>
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><path d=${d} stroke-width="2" stroke-linejoin="round" stroke-linecap="round"></path></svg>
  </button>`;
}

const LINES = ["create", "release", "hangup", "dropped", "lost", "empty", "killed"];
const TROUBLE = ["too-small", "full", "fault", "refused", "dropped", "hangup", "lost", "killed"];

/** The lines under a link. */
const DEPTH_LEGEND = [
  ["items", "M-9,6H-3V0H3V6H9", "items in the queue"],
  ["bytes", "M-9,6H-3V0H3V6H9", "their bytes"],
  ["limit", "M-9,0H9", "limit; that of bytes counts what the kernel needs beside them, too"],
  ["far", "M-9,0H9", "limit far above, not to scale"],
] as const;

function legend(): TemplateResult {
  const look = (mark: string) =>
    `${TROUBLE.includes(mark) ? "is-trouble" : ""} ${mark === "create" ? "is-accent" : ""}`;
  return html`<ul>
      ${LEGEND.map(
        ([
          mark,
          words,
        ]) => html`<li><svg class=${look(mark)} width="18" height="18" viewBox="-9 -9 18 18" aria-hidden="true">
          ${svg`<path class=${LINES.includes(mark) ? "line" : ""} d=${MARK_PATHS[mark]}></path>`}</svg>${words}</li>`,
      )}
      ${DEPTH_LEGEND.map(([look, d, words]) => html`<li><svg class="depth ${look}" width="18" height="18" viewBox="-9 -9 18 18" aria-hidden="true">${svg`<path d=${d}></path>`}</svg>${words}</li>`)}
    </ul>`;
}

customElements.define("dd-flow-panel", FlowPanel);
