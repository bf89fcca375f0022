// SPDX-License-Identifier: MIT
// <dd-event-table>: the picture's twin. The same events as rows, for reading, copying and screen readers.

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Flow } from "../../flow/Flow.ts";
import type { Run } from "../../flow/Lives.ts";
import {
  durationWords,
  OUTCOME_WORDS,
  outcomeOf,
  payloadText,
  resultWords,
  sentence,
} from "../../flow/Meaning.ts";
import { itemNumber } from "../inspector/Dossier.ts";
import type { RowSet } from "../picture/shapes.ts";
import { controls } from "../style/controls.ts";

/** More rows than this would make the page slow; the last ones are shown. */
const ROWS_SHOWN = 1000;

export class EventTable extends LitElement {
  static override properties = {
    flow: { attribute: false },
    run: { attribute: false },
    selected: { attribute: false },
    version: { attribute: false },
    matching: { attribute: false },
  };
  static override styles = [
    controls,
    css`
      .scroller {
        overflow: auto;
        max-height: 420px;
      }
      table {
        border-collapse: collapse;
        width: 100%;
        font-size: 12.5px;
        font-variant-numeric: tabular-nums;
      }
      th {
        position: sticky;
        top: 0;
        background: var(--surface);
        text-align: left;
        font-weight: 600;
        color: var(--quiet);
      }
      th,
      td {
        padding: 3px 10px 3px 0;
        white-space: nowrap;
        border-bottom: 1px solid var(--line);
      }
      td.number {
        text-align: right;
      }
      td.payload {
        font-family: var(--mono);
        max-width: 22ch;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      tbody tr {
        cursor: pointer;
      }
      tbody tr:hover {
        background: var(--raised);
      }
      tr[aria-current="true"] {
        background: var(--accent-soft);
      }
      td button {
        border: 0;
        background: none;
        padding: 0 4px;
        min-height: 24px;
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  declare flow: Flow | null;
  declare run: Run | null;
  declare selected: number | null;
  declare version: number;
  /** Only these are shown; null: all. */
  declare matching: RowSet | null;

  constructor() {
    super();
    this.flow = null;
    this.run = null;
    this.selected = null;
    this.version = 0;
    this.matching = null;
  }

  protected override render(): TemplateResult {
    const { flow, run } = this;
    if (!flow || !run) return html`<p class="quiet">No events yet: run a program.</p>`;
    const rows = lastRows(run, this.matching);
    return html`
      <p class="quiet">${rowsWords(rows.length, run.events.length, this.matching !== null)}</p>
      <div class="scroller" tabindex="0" role="region" aria-label="Events of the run">
        <table>
          <thead><tr>
            <th scope="col">event</th><th scope="col">after</th><th scope="col">process</th><th scope="col">what</th>
            <th scope="col">link</th><th scope="col">item</th><th scope="col">bytes</th><th scope="col">result</th>
            <th scope="col">queue</th><th scope="col">payload</th><th scope="col">in words</th>
          </tr></thead>
          <tbody>${repeat(
            rows,
            (row) => row,
            (row) => this.#row(flow, run, row),
          )}</tbody>
        </table>
      </div>`;
  }

  #row(flow: Flow, run: Run, row: number): TemplateResult {
    const event = flow.event(row);
    const outcome = outcomeOf(event);
    const trouble = outcome === "ok" || outcome === "waits" || outcome === "empty" ? "" : "trouble";
    const select = () => this.#select(row);
    const after = durationWords(event.timeNs - flow.timeNs(run.events.at(0)));
    return html`<tr aria-current=${this.selected === row ? "true" : nothing} data-type=${event.type} @click=${select}>
      <td><button type="button" aria-label="Select event ${event.seq}">${event.seq}</button></td>
      <td class="number">${after}</td>
      <td>${event.pid === 0 ? "kernel" : `${event.comm} ${event.pid}`}</td>
      <td>${event.type}</td>
      <td class="number">${event.link || ""}</td>
      <td class="number">${event.item === 0 ? "" : itemNumber(event.item)}</td>
      <td class="number">${event.len || ""}</td>
      <td class=${trouble} title=${trouble ? OUTCOME_WORDS[outcome] : nothing}>${resultWords(event)}</td>
      <td class="number">${event.link === 0 ? "" : event.items}</td>
      <td class="payload">${payloadText(event.payload)}</td>
      <td>${sentence(event)}</td>
    </tr>`;
  }

  #select(row: number): void {
    this.dispatchEvent(new CustomEvent<number>("dd-select", { detail: row, bubbles: true, composed: true }));
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has("selected")) return;
    this.renderRoot.querySelector('tr[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
  }
}

/** The last ones that match, in their order. */
function lastRows({ events }: Run, matches: RowSet | null): number[] {
  const rows: number[] = [];
  for (let index = events.length; index-- > 0 && rows.length < ROWS_SHOWN; ) {
    const row = events.at(index);
    if (matches === null || matches.has(row)) rows.push(row);
  }
  return rows.reverse();
}

function rowsWords(shown: number, all: number, filtered: boolean): string {
  if (shown === ROWS_SHOWN && shown < all) return `The last ${shown} of ${all} events.`;
  return filtered ? `${shown} of ${all} events match the filter.` : `${all} events.`;
}

customElements.define("dd-event-table", EventTable);
