// SPDX-License-Identifier: MIT
// <dd-palette>: all commands to choose from by typing (Ctrl-K), and all keys to read (?). Both are modal dialogs.

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { controls } from "../style/controls.ts";
import { type Command, Commands, grouped, matchingCommands } from "./Commands.ts";
import { keyCaps } from "./keys.ts";

type Shown = "commands" | "keys" | null;

export class Palette extends LitElement {
  static override properties = {
    commands: { attribute: false },
    shown: { state: true },
    query: { state: true },
    active: { state: true },
  };
  static override styles = [
    controls,
    css`
      dialog {
        width: min(640px, calc(100vw - 20px));
        max-height: min(640px, calc(100vh - 40px));
        margin: 8vh auto auto;
        padding: 0;
        border: 1px solid var(--edge);
        border-radius: var(--round);
        background: var(--surface);
        color: var(--ink);
        overflow: auto;
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 40%);
      }
      .top {
        display: flex;
        gap: 10px;
        align-items: center;
        position: sticky;
        top: 0;
        padding: 12px;
        background: var(--surface);
        border-bottom: 1px solid var(--line);
      }
      .top h2 {
        flex: 1;
        font-size: 15px;
      }
      .list {
        padding: 6px;
      }
      .option {
        display: flex;
        gap: 12px;
        align-items: baseline;
        padding: 7px 10px;
        border-radius: 6px;
        cursor: pointer;
      }
      .option .title {
        flex: 1;
      }
      .option[aria-selected="true"] {
        background: var(--accent-soft);
        outline: 1px solid var(--accent);
      }
      kbd {
        font: 12px var(--mono);
        border: 1px solid var(--edge);
        border-radius: 4px;
        padding: 0 5px;
        white-space: nowrap;
      }
      .keys {
        padding: 4px 14px 14px;
        columns: 2 260px;
        column-gap: 24px;
      }
      .keys section {
        break-inside: avoid;
        padding-top: 10px;
      }
      h3 {
        margin: 0 0 4px;
        font-size: 12.5px;
        color: var(--quiet);
        font-weight: 600;
      }
      dl {
        display: grid;
        grid-template-columns: 1fr max-content;
        gap: 3px 10px;
        margin: 0;
      }
      dd {
        margin: 0;
        text-align: right;
      }
      .none {
        padding: 8px 10px;
      }
    `,
  ];

  declare commands: Commands;
  declare shown: Shown;
  declare query: string;
  declare active: number;

  constructor() {
    super();
    this.commands = new Commands();
    this.shown = null;
    this.query = "";
    this.active = 0;
  }

  /** `query`: what is looked for already. */
  openCommands(query = ""): void {
    this.query = query;
    this.active = 0;
    this.shown = "commands";
  }

  openKeys(): void {
    this.shown = "keys";
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.shown === null) return nothing;
    return this.shown === "keys" ? this.#keyHelp() : this.#choice();
  }

  protected override updated(): void {
    const dialog = this.renderRoot.querySelector("dialog");
    if (dialog && !dialog.open) dialog.showModal();
    this.renderRoot.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }

  #choice(): TemplateResult {
    const found = this.#found();
    const active = found[this.active];
    return html`<dialog aria-label="Commands" @cancel=${this.#close} @close=${this.#closed} @click=${this.#outside}>
      <div class="top"><input role="combobox" aria-label="Search commands" aria-expanded="true" aria-controls="list" autofocus
        aria-autocomplete="list" aria-activedescendant=${active ? `command-${active.id}` : nothing} autocomplete="off"
        spellcheck="false" placeholder="What do you want to do" .value=${this.query} @input=${this.#typed} @keydown=${this.#key} /></div>
      <div class="list" id="list" role="listbox" aria-label="Commands">${found.map((command) => this.#option(command, command === active))}</div>
      ${found.length === 0 ? html`<p class="none quiet" role="status">No command has these words.</p>` : nothing}
    </dialog>`;
  }

  #option(command: Command, selected: boolean): TemplateResult {
    return html`<div class="option" role="option" id="command-${command.id}" aria-selected=${selected ? "true" : "false"} @click=${() => this.#run(command)}>
      <span class="title">${command.title}</span><span class="quiet">${command.group}</span>${caps(command.keys?.[0])}</div>`;
  }

  #keyHelp(): TemplateResult {
    const withKeys = this.commands.all.filter(({ keys }) => keys && keys.length > 0);
    return html`<dialog aria-labelledby="title" @cancel=${this.#close} @close=${this.#closed} @click=${this.#outside}>
      <div class="top"><h2 id="title">Keys</h2><button type="button" autofocus @click=${this.#close}>Close</button></div>
      <div class="keys" tabindex="0" role="region" aria-label="All keys">${[...grouped(withKeys)].map(
        ([group, commands]) =>
          html`<section><h3>${group}${scopeWords(commands)}</h3><dl>${commands.map(
            ({ title, keys = [] }) =>
              html`<dt>${title}</dt><dd>${keys.map((key) => html` ${caps(key)}`)}</dd>`,
          )}</dl></section>`,
      )}</div>
    </dialog>`;
  }

  #found(): Command[] {
    return matchingCommands(this.commands.possible, this.query);
  }

  #run(command: Command): void {
    this.#close();
    command.run();
  }

  readonly #typed = ({ target }: Event): void => {
    if (target instanceof HTMLInputElement) this.query = target.value;
    this.active = 0;
  };

  readonly #key = (event: KeyboardEvent): void => {
    const found = this.#found();
    const move: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };
    const by = move[event.key];
    if (by !== undefined) this.active = (this.active + by + found.length) % Math.max(1, found.length);
    const chosen = found[this.active];
    if (event.key === "Enter" && chosen) this.#run(chosen);
    if (by !== undefined || event.key === "Enter") event.preventDefault();
  };

  /** The backdrop belongs to the dialog, its content does not. */
  readonly #outside = ({ target, currentTarget }: Event): void => {
    if (target === currentTarget) this.#close();
  };

  /** At once: the browser tells of it later, and the next key belongs to the page already. */
  readonly #close = (): void => {
    this.renderRoot.querySelector("dialog")?.close();
    this.shown = null;
  };

  /** Told of late: it may be open again by now. */
  readonly #closed = (): void => {
    if (!this.renderRoot.querySelector("dialog")?.open) this.shown = null;
  };
}

function caps(key: string | undefined): TemplateResult | typeof nothing {
  if (key === undefined) return nothing;
  return html`<span>${keyCaps(key).map((cap, index) => html`${index > 0 ? " " : ""}<kbd>${cap}</kbd>`)}</span>`;
}

function scopeWords(commands: readonly Command[]): string {
  return commands.every(({ scope }) => scope === "picture") ? ", while it has the focus" : "";
}

customElements.define("dd-palette", Palette);
