// SPDX-License-Identifier: MIT
// <dd-inspector>: all that is known of the selected event and its item.

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
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
        ${payload(dossier)}
      </div>`;
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

customElements.define("dd-inspector", Inspector);
