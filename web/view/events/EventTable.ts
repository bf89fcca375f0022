// SPDX-License-Identifier: MIT
// <dd-event-table>: the picture's twin. The same events as rows, for reading, sorting, copying and screen readers. Of
// a long list only the part around what is seen is in the page, between two rows as high as all the others.

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { grouped } from "../../base/grouped.ts";
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
import { AS_IT_CAME, type Order, type SortKey, TableRows } from "./TableRows.ts";

/** Lists of up to so many rows are in the page as a whole. */
const WHOLE_MAX = 400;
/** Rows of a longer one that are in the page at a time, and their height in pixels. */
const PART = 120;
const ROW_HEIGHT = 31;

const COLUMNS: readonly (readonly [name: string, by: SortKey | null])[] = [
  ["event", "event"],
  ["after", null],
  ["process", "process"],
  ["what", "what"],
  ["link", "link"],
  ["item", "item"],
  ["bytes", "bytes"],
  ["result", "result"],
  ["queue", "queue"],
  ["payload", null],
  ["in words", null],
];

export class EventTable extends LitElement {
  static override properties = {
    flow: { attribute: false },
    run: { attribute: false },
    selected: { attribute: false },
    version: { attribute: false },
    matching: { attribute: false },
    order: { state: true },
    first: { state: true },
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
      tr.unseen td {
        border: 0;
        padding: 0;
      }
      tbody.part tr:not(.unseen) {
        height: 31px;
      }
      .head {
        display: flex;
        gap: 10px;
        align-items: center;
        margin-bottom: 6px;
      }
      th button {
        border: 0;
        background: none;
        padding: 0;
        min-height: 24px;
        font: inherit;
        color: inherit;
      }
      th[aria-sort="ascending"] button::after {
        content: " ▲" / "";
      }
      th[aria-sort="descending"] button::after {
        content: " ▼" / "";
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
  declare order: Order;
  /** Index of the first row of a long list that is in the page. */
  declare first: number;
  #rows: TableRows | null = null;

  constructor() {
    super();
    this.flow = null;
    this.run = null;
    this.selected = null;
    this.version = 0;
    this.matching = null;
    this.order = AS_IT_CAME;
    this.first = 0;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { flow, run, matching, order } = this;
    if (!flow || !run) return;
    if (this.#rows?.answers(flow, run, matching, order)) this.#rows.update();
    else {
      this.#rows = new TableRows(flow, run, matching, order);
      this.first = 0;
    }
    if (changed.has("selected")) this.#bringSelected(this.#rows);
  }

  /** The selected row must be in the page before it can be scrolled to. */
  #bringSelected(rows: TableRows): void {
    const index = this.selected === null ? null : rows.indexOf(this.selected);
    if (index === null || (index >= this.first && index < this.first + PART)) return;
    this.first = Math.max(0, index - PART / 2);
  }

  protected override render(): TemplateResult {
    const { flow, run } = this;
    const rows = this.#rows;
    if (!flow || !run || !rows) return html`<p class="quiet">No events yet: run a program.</p>`;
    const [from, to] = rows.length <= WHOLE_MAX ? [0, rows.length] : this.#part(rows.length);
    const shown = Array.from({ length: to - from }, (_, index) => rows.at(from + index));
    return html`
      <div class="head"><span class="quiet">${rowsWords(rows.length, run.events.length)}</span>
        <button type="button" @click=${this.#copy}>Copy as table</button></div>
      <div class="scroller" tabindex="0" role="region" aria-label="Events of the run" @scroll=${this.#onScroll}>
        <table aria-rowcount=${rows.length + 1}>
          <thead><tr>${COLUMNS.map(([name, by]) => this.#head(name, by))}</tr></thead>
          <tbody class=${rows.length <= WHOLE_MAX ? "" : "part"}>${unseen(from)}${repeat(
            shown,
            (row) => row,
            (row, index) => this.#row(flow, run, row, from + index),
          )}${unseen(rows.length - to)}</tbody>
        </table>
      </div>`;
  }

  #part(length: number): [number, number] {
    const from = Math.max(0, Math.min(this.first, length - PART));
    return [from, Math.min(length, from + PART)];
  }

  #head(name: string, by: SortKey | null): TemplateResult {
    if (by === null) return html`<th scope="col">${name}</th>`;
    const here = this.order.by === by;
    const sort = !here ? nothing : this.order.descending ? "descending" : "ascending";
    const press = () => {
      this.order = { by, descending: here && !this.order.descending };
    };
    return html`<th scope="col" aria-sort=${sort}><button type="button" @click=${press}>${name}</button></th>`;
  }

  #row(flow: Flow, run: Run, row: number, index: number): TemplateResult {
    const event = flow.event(row);
    const outcome = outcomeOf(event);
    const trouble = outcome === "ok" || outcome === "waits" || outcome === "empty" ? "" : "trouble";
    const select = () => this.#select(row);
    const after = durationWords(event.timeNs - flow.timeNs(run.events.at(0)));
    return html`<tr aria-rowindex=${index + 2} aria-current=${this.selected === row ? "true" : nothing} data-type=${event.type} @click=${select}>
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

  /** A person may copy all that is listed, in the order in which it is. */
  readonly #copy = (): void => {
    const rows = this.#rows;
    if (!rows) return;
    const detail = Array.from({ length: rows.length }, (_, index) => rows.at(index));
    this.dispatchEvent(new CustomEvent<number[]>("dd-copy-rows", { detail, bubbles: true, composed: true }));
  };

  readonly #onScroll = ({ currentTarget }: Event): void => {
    const rows = this.#rows;
    if (!(currentTarget instanceof Element) || !rows || rows.length <= WHOLE_MAX) return;
    const middle = (currentTarget.scrollTop + currentTarget.clientHeight / 2) / ROW_HEIGHT;
    const first = Math.max(0, Math.round(middle - PART / 2));
    if (Math.abs(first - this.first) > PART / 4) this.first = first;
  };

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has("selected")) return;
    this.renderRoot.querySelector('tr[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
  }
}

/** Stands for rows that are not in the page. */
function unseen(rows: number): TemplateResult | typeof nothing {
  if (rows === 0) return nothing;
  return html`<tr class="unseen" aria-hidden="true"><td .style=${`height: ${rows * ROW_HEIGHT}px`}></td></tr>`;
}

function rowsWords(shown: number, all: number): string {
  const events = `${grouped(all)} events`;
  return shown === all ? `${events}.` : `${grouped(shown)} of ${events} match the filter.`;
}

customElements.define("dd-event-table", EventTable);
