// SPDX-License-Identifier: MIT
// <dd-inspector>: all that is known of the selected event and its item.

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Decoded } from "../../flow/decode/Decoder.ts";
import type { Flow } from "../../flow/Flow.ts";
import { controls } from "../style/controls.ts";
import { type Dossier, dossierOf, type Fact, hexRows } from "./Dossier.ts";

export class Inspector extends LitElement {
  static override properties = {
    flow: { attribute: false },
    selected: { attribute: false },
    version: { attribute: false },
  };
  static override styles = [
    controls,
    css`
      h3 {
        margin: 0 0 8px;
        font-size: 14px;
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      .columns {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(250px, 100%), 1fr));
        gap: 12px 24px;
      }
      dl {
        display: grid;
        grid-template-columns: max-content 1fr;
        gap: 3px 12px;
        margin: 0;
        align-content: start;
      }
      dt {
        color: var(--quiet);
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      dd button {
        border: 0;
        background: none;
        padding: 0;
        min-height: 24px;
        text-align: left;
        text-decoration: underline dotted;
        text-underline-offset: 3px;
      }
      .scroller {
        overflow-x: auto;
      }
      table {
        border-collapse: collapse;
        font-size: 12.5px;
      }
      caption {
        text-align: left;
        font-family: var(--mono);
        color: var(--quiet);
      }
      th,
      td {
        text-align: left;
        vertical-align: top;
        padding: 1px 12px 1px 0;
        font-weight: 400;
      }
      th {
        color: var(--quiet);
      }
      td.number {
        font-variant-numeric: tabular-nums;
      }
      td.value {
        font-family: var(--mono);
        overflow-wrap: anywhere;
      }
      .bytes {
        display: grid;
        gap: 10px;
        align-content: start;
        min-width: 0;
      }
      .deeds {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        margin-top: 12px;
      }
      pre {
        margin: 0;
        font: 12.5px/1.5 var(--mono);
        overflow-x: auto;
      }
      pre b {
        font-weight: 400;
        color: var(--accent-text);
      }
    `,
  ];

  declare flow: Flow | null;
  declare selected: number | null;
  declare version: number;

  constructor() {
    super();
    this.flow = null;
    this.selected = null;
    this.version = 0;
  }

  protected override render(): TemplateResult {
    if (!this.flow || this.selected === null) {
      return html`<p class="quiet">Select a bar, a stroke or a mark to see who wrote it, how long it waited and who read it.</p>`;
    }
    const dossier = dossierOf(this.flow, this.selected);
    return html`<h3>${dossier.title}</h3>
      <div class="columns">
        ${this.#list(dossier.facts)}
        ${dossier.item.length > 0 ? this.#list(dossier.item) : nothing}
        <div class="bytes">${payload(dossier)} ${dossier.decoded ? decodedFields(dossier.decoded) : nothing}</div>
      </div>
      <p class="deeds">${this.#deed("dd-follow-item", "Follow item", dossier.item.length > 0)}
        ${this.#deed("dd-follow-link", "Follow link", this.flow.log.link(this.selected) !== 0)}
        ${this.#deed("dd-pin-link", "Pin link", this.flow.linkOf(this.selected) !== null)}
        ${this.#deed("dd-pin-process", "Pin process", this.flow.processOf(this.selected) !== null)}
        ${this.#deed("dd-copy-event", "Copy event", true)}</p>`;
  }

  #deed(name: string, words: string, possible: boolean): TemplateResult | typeof nothing {
    const say = () => this.dispatchEvent(new Event(name, { bubbles: true, composed: true }));
    return possible ? html`<button type="button" @click=${say}>${words}</button>` : nothing;
  }

  #list(facts: readonly Fact[]): TemplateResult {
    return html`<dl>${facts.map(({ name, value, row }) => html`<dt>${name}</dt><dd>${row === undefined ? value : this.#jump(row, value)}</dd>`)}</dl>`;
  }

  #jump(row: number, words: string): TemplateResult {
    const go = () =>
      this.dispatchEvent(
        new CustomEvent<number>("dd-select", { detail: row, bubbles: true, composed: true }),
      );
    return html`<button type="button" @click=${go}>${words}</button>`;
  }
}

function payload({ payload, cut }: Dossier): TemplateResult | typeof nothing {
  if (payload.length === 0) return nothing;
  const more = cut > 0 ? html`<p class="quiet">and ${cut} bytes that the monitor did not carry</p>` : nothing;
  return html`<div><pre tabindex="0" role="region" aria-label="Payload as hex and text">${hexRows(
    payload,
  ).map(
    ({ at, hex, text }) => html`<span class="quiet">${at}</span>  ${hex.padEnd(23)}  <b>${text}</b>\n`,
  )}</pre>${more}</div>`;
}

/** Which bytes say what. */
function decodedFields({ name, fields, missing }: Decoded): TemplateResult {
  const more =
    missing > 0 ? html`<p class="quiet">${missing} bytes of it are not in the payload</p>` : nothing;
  return html`<div class="scroller" tabindex="0" role="region" aria-label="Decoded fields"><table>
    <caption>${name}</caption>
    <thead><tr><th scope="col">at</th><th scope="col">bytes</th><th scope="col">field</th><th scope="col">value</th></tr></thead>
    <tbody>${fields.map(
      ({ name, at, size, value }) =>
        html`<tr><td class="number">${at}</td><td class="number">${size}</td><td>${name}</td><td class="value">${value}</td></tr>`,
    )}</tbody></table>${more}</div>`;
}

customElements.define("dd-inspector", Inspector);
