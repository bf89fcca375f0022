// SPDX-License-Identifier: MIT
// <dd-compare>: two runs, and where they part. Says "dd-show-event" when the first difference is wanted in the picture,
// and "dd-open-log" when a saved log is wanted to compare with.

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { type Comparison, compareRuns, type Events } from "../../flow/compare/compare.ts";
import type { Flow } from "../../flow/Flow.ts";
import type { Run } from "../../flow/Lives.ts";
import { payloadText, resultWords } from "../../flow/Meaning.ts";
import { eventTitle } from "../inspector/Dossier.ts";
import { controls } from "../style/controls.ts";

/** A run that can be chosen. */
export interface Candidate {
  readonly name: string;
  readonly flow: Flow;
  readonly run: Run;
}

/** Events that are shown before and after the first difference. */
const AROUND = 4;

export class Compare extends LitElement {
  static override properties = {
    candidates: { attribute: false },
    version: { attribute: false },
    left: { state: true },
    right: { state: true },
  };
  static override styles = [
    controls,
    css`
      .sides {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(240px, 100%), 1fr));
        gap: 10px;
        margin-bottom: 10px;
      }
      .verdict {
        display: flex;
        flex-wrap: wrap;
        gap: 6px 12px;
        align-items: center;
        margin-bottom: 8px;
      }
      .scroller {
        overflow: auto;
        max-height: 420px;
      }
      table {
        border-collapse: collapse;
        width: 100%;
        font-size: 12.5px;
      }
      th,
      td {
        text-align: left;
        vertical-align: top;
        padding: 3px 12px 3px 6px;
        border-bottom: 1px solid var(--line);
        font-weight: 400;
      }
      th {
        color: var(--quiet);
      }
      tr.first td {
        background: var(--accent-soft);
        font-weight: 600;
      }
      td.sign {
        color: var(--trouble-text);
        font-weight: 700;
      }
      ul {
        margin: 0 0 10px;
        padding-left: 18px;
      }
      .value {
        font-family: var(--mono);
        overflow-wrap: anywhere;
      }
    `,
  ];

  declare candidates: readonly Candidate[];
  /** Raised by whoever pushes events. */
  declare version: number;
  declare left: number | null;
  declare right: number | null;
  #last: { readonly of: readonly unknown[]; readonly comparison: Comparison } | null = null;

  constructor() {
    super();
    this.candidates = [];
    this.version = 0;
    this.left = null;
    this.right = null;
  }

  protected override render(): TemplateResult {
    const count = this.candidates.length;
    const open = html`<button type="button" @click=${this.#open}>Open a saved log</button>`;
    if (count < 2)
      return html`<div class="verdict"><p class="quiet">To compare takes two runs: run a program twice, or open the log of another run.</p>${open}</div>`;
    // Until somebody chooses: the last run with the one before.
    const left = this.candidates[Math.min(this.left ?? count - 2, count - 1)];
    const right = this.candidates[Math.min(this.right ?? count - 1, count - 1)];
    return html`<div class="sides">
        ${this.#chooser("One run", left, (index) => (this.left = index))}
        ${this.#chooser("The other run", right, (index) => (this.right = index))}
      </div>
      ${left && right ? this.#verdict(left, right) : nothing}
      ${open}`;
  }

  #chooser(label: string, chosen: Candidate | undefined, choose: (index: number) => void): TemplateResult {
    const change = ({ target }: Event) => {
      if (target instanceof HTMLSelectElement) choose(Number(target.value));
    };
    return html`<label>${label}<select @change=${change}>${this.candidates.map(
      (one, index) => html`<option value=${index} ?selected=${one === chosen}>${one.name}</option>`,
    )}</select></label>`;
  }

  #verdict(left: Candidate, right: Candidate): TemplateResult {
    const { same, parts } = this.#compared(left, right);
    if (parts === null)
      return html`<p class="verdict" role="status">Nothing differs: ${same} events, the same but for ids and times.</p>`;
    const show = (side: Candidate, words: string) =>
      same < side.run.events.length
        ? html`<button type="button" @click=${() => this.#show(side, same)}>${words}</button>`
        : nothing;
    return html`<div class="verdict"><p role="status">${verdictWords({ same, parts })}</p>
        ${show(left, "Show it in one")} ${show(right, "Show it in the other")}</div>
      <ul>${parts.map(
        ({ name, left, right }) =>
          html`<li>${name}: <span class="value">${payloadText(bytes(left))}</span> and <span class="value">${payloadText(bytes(right))}</span></li>`,
      )}</ul>
      ${around(left, right, same)}`;
  }

  /** Large logs take a while, and the page is made anew for many reasons. */
  #compared(left: Candidate, right: Candidate): Comparison {
    const of = [left, right].flatMap(({ run }) => [run, run.events.length]);
    if (this.#last && of.every((one, index) => this.#last?.of[index] === one)) return this.#last.comparison;
    const comparison = compareRuns(eventsOf(left), eventsOf(right));
    this.#last = { of, comparison };
    return comparison;
  }

  #show({ flow, run }: Candidate, index: number): void {
    const detail = { flow, row: run.events.at(index) };
    this.dispatchEvent(new CustomEvent("dd-show-event", { detail, bubbles: true, composed: true }));
  }

  readonly #open = (): void => {
    this.dispatchEvent(new Event("dd-open-log", { bubbles: true, composed: true }));
  };
}

/** The event of which flow is wanted in the picture. */
export interface ShowEvent {
  readonly flow: Flow;
  readonly row: number;
}

function eventsOf({ flow, run }: Candidate): Events {
  return { length: run.events.length, at: (index) => flow.event(run.events.at(index)) };
}

function verdictWords({ same, parts }: Comparison): string {
  if (same === 0) return "They differ from the first event on.";
  const before = same === 1 ? "The first event is" : `The first ${same} events are`;
  return parts?.length === 0
    ? `${before} the same; then one of the runs ends.`
    : `${before} the same; event ${same + 1} is the first that differs.`;
}

function around(left: Candidate, right: Candidate, same: number): TemplateResult {
  const most = Math.max(left.run.events.length, right.run.events.length);
  const from = Math.max(0, same - AROUND);
  const indices = Array.from({ length: Math.min(most, same + AROUND + 1) - from }, (_, at) => from + at);
  return html`<div class="scroller" tabindex="0" role="region" aria-label="Events around the first difference"><table>
    <thead><tr><th scope="col">event</th><th scope="col">one</th><td></td><th scope="col">the other</th></tr></thead>
    <tbody>${indices.map(
      (index) =>
        html`<tr class=${index === same ? "first" : ""} aria-current=${index === same ? "true" : nothing}><td>${index + 1}</td>
        <td>${words(left, index)}</td><td class="sign">${index === same ? "≠" : ""}</td><td>${words(right, index)}</td></tr>`,
    )}</tbody></table></div>`;
}

function words({ flow, run }: Candidate, index: number): string {
  if (index >= run.events.length) return "";
  const event = flow.event(run.events.at(index));
  const result = resultWords(event);
  const title = eventTitle(event);
  const said = event.payload.length > 0 ? `: “${payloadText(event.payload)}”` : "";
  return `${title}${result === "" || title.includes(result) ? "" : ` (${result})`}${said}`;
}

/** Payloads are compared as texts of one character a byte. */
function bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

customElements.define("dd-compare", Compare);
