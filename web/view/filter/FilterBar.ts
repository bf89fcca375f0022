// SPDX-License-Identifier: MIT
// <dd-filter>: the field for a filter, with completion, with errors that point at the character, with the number of
// matches and the way from one to the next. Says "dd-filter" with a filter that parses, "dd-match" with 1 or -1.

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { type Completion, complete, type Occurring, type Option } from "../../flow/filter/complete.ts";
import { ALL, type Filter } from "../../flow/filter/Filter.ts";
import { FIELDS } from "../../flow/filter/fields.ts";
import { parseFilter } from "../../flow/filter/parse.ts";
import { FilterError } from "../../flow/filter/tokens.ts";
import { controls } from "../style/controls.ts";

/** What the page does with a filter; its text is what the person typed. */
export interface FilterChange {
  readonly text: string;
  readonly filter: Filter;
}

/** More would be a list to read, not to choose from. */
const OPTIONS_SHOWN = 12;

export class FilterBar extends LitElement {
  static override properties = {
    text: { attribute: false },
    found: { attribute: false },
    occurring: { attribute: false },
    error: { state: true },
    completion: { state: true },
    active: { state: true },
    helping: { state: true },
  };
  static override styles = [
    controls,
    css`
      :host {
        padding: 0 14px 10px;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 6px 8px;
        align-items: center;
      }
      .field {
        position: relative;
        flex: 1 1 220px;
      }
      .options {
        position: absolute;
        z-index: 3;
        top: calc(100% + 3px);
        left: 0;
        min-width: min(300px, 100%);
        max-width: min(520px, calc(100vw - 30px));
        max-height: 300px;
        overflow: auto;
        padding: 4px;
        background: var(--surface);
        border: 1px solid var(--edge);
        border-radius: 6px;
      }
      .option {
        display: flex;
        gap: 12px;
        padding: 3px 8px;
        border-radius: 4px;
        cursor: pointer;
        font-size: 12.5px;
      }
      .option b {
        font: 12.5px var(--mono);
        white-space: pre;
      }
      .option[aria-selected="true"] {
        background: var(--accent-soft);
        outline: 1px solid var(--accent);
      }
      .error {
        margin: 6px 0 0;
        font-size: 12.5px;
      }
      pre {
        margin: 0;
        padding-left: 9px;
        font: 13px/1.3 var(--mono);
        overflow-x: auto;
      }
      pre mark {
        background: none;
        color: var(--trouble-text);
        text-decoration: underline wavy;
        text-underline-offset: 4px;
      }
      .count {
        font-variant-numeric: tabular-nums;
        font-size: 12.5px;
        min-width: 12ch;
      }
      @media (max-width: 560px) {
        .count {
          flex: 1 1 100%;
        }
      }
      .help {
        margin-top: 8px;
        font-size: 12.5px;
      }
      table {
        border-collapse: collapse;
        margin-top: 6px;
      }
      td,
      th {
        text-align: left;
        padding: 1px 16px 1px 0;
        font-weight: 400;
      }
      .scroller {
        overflow-x: auto;
      }
      code {
        font: 12.5px var(--mono);
      }
    `,
  ];

  /** The filter in force, as it was typed. */
  declare text: string;
  /** How many match, in words; "" without a filter. */
  declare found: string;
  /** Values that occur, for completion; asked when it is needed. */
  declare occurring: () => Occurring;
  declare error: FilterError | null;
  declare completion: Completion | null;
  declare active: number;
  declare helping: boolean;
  #typed: string | null = null;

  constructor() {
    super();
    this.text = "";
    this.found = "";
    this.occurring = () => ({});
    this.error = null;
    this.completion = null;
    this.active = -1;
    this.helping = false;
  }

  override focus(): void {
    this.#input?.focus();
    this.#input?.select();
  }

  get #input(): HTMLInputElement | null {
    return this.renderRoot.querySelector("input");
  }

  get #source(): string {
    return this.#typed ?? this.text;
  }

  /** Another filter than what was being typed. */
  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("text")) return;
    this.#typed = null;
    this.error = null;
  }

  protected override render(): TemplateResult {
    const options = this.#options();
    const active = options[this.active];
    // What is being chosen from a list is not wrong yet.
    const error = options.length > 0 ? null : this.error;
    return html`<div class="row" role="search" aria-label="Filter">
        <div class="field">
          <input class="data" role="combobox" aria-label="Filter events" aria-expanded=${options.length > 0 ? "true" : "false"} aria-controls="options"
            aria-autocomplete="list" aria-activedescendant=${active ? `option-${this.active}` : nothing} aria-invalid=${error ? "true" : nothing}
            aria-describedby=${error ? "error" : nothing} autocomplete="off" autocapitalize="off" spellcheck="false"
            placeholder='Filter or search: op:read errno:EIO "hello"' .value=${this.#source}
            @input=${this.#changed} @keydown=${this.#key} @blur=${this.#left} @click=${this.#complete} />
          <div class="options" id="options" role="listbox" aria-label="Completions" ?hidden=${options.length === 0}>
            ${options.map((option, index) => this.#option(option, index))}</div>
        </div>
        ${this.found === "" ? nothing : this.#steps()}
        <button class="icon" type="button" title="How to filter" aria-label="How to filter" aria-expanded=${this.helping ? "true" : "false"} aria-controls="help" @click=${this.#help}>?</button>
        <slot></slot>
      </div>
      ${error ? wrong(this.#source, error) : nothing}
      <div class="help" id="help" ?hidden=${!this.helping}>${this.helping ? help() : nothing}</div>`;
  }

  #steps(): TemplateResult {
    return html`<span class="count" role="status">${this.found}</span>
      <button class="icon" type="button" title="Previous match" aria-label="Previous match" @click=${() => this.#go(-1)}>↑</button>
      <button class="icon" type="button" title="Next match" aria-label="Next match" @click=${() => this.#go(1)}>↓</button>
      <button class="icon" type="button" title="Clear the filter" aria-label="Clear the filter" @click=${this.#clear}>×</button>`;
  }

  #option({ text, says }: Option, index: number): TemplateResult {
    // A press would take the focus from the field, and its list away.
    const stay = (event: Event) => event.preventDefault();
    return html`<div class="option" role="option" id="option-${index}" aria-selected=${index === this.active ? "true" : "false"}
      @pointerdown=${stay} @mousedown=${stay} @click=${() => this.#accept(index)}><b>${text}</b><span class="quiet">${says}</span></div>`;
  }

  #options(): readonly Option[] {
    return this.completion?.options.slice(0, OPTIONS_SHOWN) ?? [];
  }

  readonly #changed = (): void => {
    this.#take(this.#input?.value ?? "");
    this.#complete();
  };

  readonly #complete = (): void => {
    const input = this.#input;
    if (!input) return;
    this.completion = complete(input.value, input.selectionStart ?? input.value.length, this.occurring());
    this.active = -1;
  };

  /** A filter that is being written and does not parse yet leaves the last one in force. */
  #take(text: string): void {
    const filter = parseFilter(text);
    this.#typed = text;
    this.error = filter instanceof FilterError ? filter : null;
    if (filter instanceof FilterError) return;
    this.#typed = null;
    this.text = text;
    this.#say("dd-filter", { text, filter });
  }

  #accept(index: number): void {
    const option = this.#options()[index];
    const input = this.#input;
    if (!option || !input || !this.completion) return;
    const { from, to } = this.completion;
    input.setRangeText(option.text, from, to, "end");
    this.#changed();
  }

  readonly #clear = (): void => {
    this.completion = null;
    this.error = null;
    this.#typed = null;
    this.text = "";
    this.#say("dd-filter", { text: "", filter: ALL });
    this.#input?.focus();
  };

  readonly #left = (): void => {
    this.completion = null;
  };

  readonly #help = (): void => {
    this.helping = !this.helping;
  };

  readonly #key = (event: KeyboardEvent): void => {
    const count = this.#options().length;
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp":
        if (count === 0) this.#complete();
        else
          this.active =
            (this.active + (event.key === "ArrowDown" ? 1 : this.active < 0 ? 0 : -1) + count) % count;
        break;
      case "Enter":
        if (this.active >= 0) this.#accept(this.active);
        else this.#go(event.shiftKey ? -1 : 1);
        break;
      case "Escape":
        if (count > 0) this.completion = null;
        else this.#clear();
        break;
      default:
        return;
    }
    event.preventDefault();
  };

  #go(by: 1 | -1): void {
    this.completion = null;
    this.#say("dd-match", by);
  }

  #say(name: string, detail: FilterChange | number): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

/** What was typed, with a line under what is wrong. */
function wrong(source: string, { at, length, message }: FilterError): TemplateResult {
  const bad = source.slice(at, at + length).padEnd(1);
  return html`<div class="error" id="error" role="alert">
    <pre aria-hidden="true">${source.slice(0, at)}<mark>${bad}</mark>${source.slice(at + length)}\n${" ".repeat(at)}^</pre>
    <p class="trouble">${message} <span class="quiet">(character ${at + 1})</span></p></div>`;
}

function help(): TemplateResult {
  return html`<p>Write what you look for, one beside another: all of it must hold. <code>or</code> between two means either,
    <code>-</code> or <code>not</code> before one means the opposite, parentheses group. Words are looked for in payloads, program paths and process
    names; put them in quotes when they have spaces. Several values go with commas: <code>op:read,write</code>. <kbd>Enter</kbd> goes to the next match.</p>
    <div class="scroller" tabindex="0" role="region" aria-label="Fields of a filter"><table><thead><tr><th scope="col" class="quiet">field</th><th scope="col" class="quiet">stands for</th></tr></thead>
    <tbody>${FIELDS.map(
      ({ example, says }) => html`<tr><td><code>${example}</code></td><td>${says}</td></tr>`,
    )}</tbody></table></div>`;
}

customElements.define("dd-filter", FilterBar);
