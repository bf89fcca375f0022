// SPDX-License-Identifier: MIT
// <dd-scenarios>: what there is to see, as links that can be opened, copied and pressed; says "dd-scenario".

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { controls } from "../style/controls.ts";
import { SCENARIOS, type Scenario } from "./Scenario.ts";

export class Scenarios extends LitElement {
  static override properties = { current: { attribute: false } };
  static override styles = [
    controls,
    css`
      nav {
        display: flex;
        gap: 8px 14px;
        align-items: baseline;
      }
      h2 {
        flex: none;
        color: var(--quiet);
      }
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      a {
        display: block;
        padding: 3px 11px;
        min-height: 28px;
        border: 1px solid var(--line);
        border-radius: 14px;
        background: var(--surface);
        color: inherit;
        text-decoration: none;
        white-space: nowrap;
      }
      a:hover {
        border-color: var(--accent);
      }
      a:focus-visible {
        outline: 2px solid var(--accent);
        outline-offset: 2px;
      }
      a[aria-current] {
        border-color: var(--accent);
        background: var(--accent-soft);
        color: var(--accent-text);
      }
      @media (forced-colors: active) {
        a[aria-current] {
          border-width: 3px;
          padding: 1px 9px;
        }
      }
      @media (max-width: 640px) {
        nav {
          display: block;
        }
        h2 {
          margin-bottom: 6px;
        }
        ul {
          flex-wrap: nowrap;
          overflow-x: auto;
          margin: 0 -10px;
          padding: 3px 10px;
        }
        a {
          min-height: 32px;
          padding: 5px 12px;
        }
      }
    `,
  ];

  declare current: Scenario | null;

  constructor() {
    super();
    this.current = null;
  }

  protected override render(): TemplateResult {
    return html`<nav aria-labelledby="title">
      <h2 id="title">Scenarios</h2>
      <ul>${SCENARIOS.map((scenario) => html`<li>${this.#link(scenario)}</li>`)}</ul>
    </nav>`;
  }

  #link(scenario: Scenario): TemplateResult {
    const choose = (event: MouseEvent) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      this.dispatchEvent(
        new CustomEvent<Scenario>("dd-scenario", { detail: scenario, bubbles: true, composed: true }),
      );
    };
    const current = scenario === this.current ? "true" : nothing;
    return html`<a href="?scenario=${scenario.id}" aria-current=${current} @click=${choose}>${scenario.title}</a>`;
  }
}

customElements.define("dd-scenarios", Scenarios);
