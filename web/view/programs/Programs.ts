// SPDX-License-Identifier: MIT
// <dd-programs>: what can be run in the guest. Says "dd-run" with the arguments, or "dd-stop".

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { controls } from "../style/controls.ts";
import { commandOf, FIRST_FIELDS, type Fields, type Problem, type ProgramName } from "./Command.ts";

export interface RunRequest {
  readonly argv: readonly string[];
}

const SAYS: Readonly<Record<ProgramName, string>> = {
  ddtest: "Writes each word to a link and reads it back.",
  ddfork: "Parent writes and exits; the child goes on reading the same link.",
  other: "Any program of the guest, without a shell.",
};

const AWAITING = "Runs as soon as the guest is there.";

export class Programs extends LitElement {
  static override properties = {
    ready: { type: Boolean },
    running: { type: Boolean },
    awaiting: { type: Boolean },
    maxBytes: { attribute: false },
    program: { state: true },
    fields: { state: true },
    problem: { state: true },
  };
  static override styles = [
    controls,
    css`
      form {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 10px;
      }
      .tabs {
        display: grid;
        grid-template-columns: repeat(3, 1fr);
        gap: 6px;
        margin-bottom: 10px;
      }
      .wide {
        grid-column: 1 / -1;
      }
      .press {
        display: flex;
        gap: 8px;
      }
      .press .primary {
        flex: 1;
        min-height: 38px;
      }
    `,
  ];

  declare ready: boolean;
  declare running: boolean;
  /** What was asked for has not begun yet. */
  declare awaiting: boolean;
  declare maxBytes: number;
  declare program: ProgramName;
  declare fields: Fields;
  declare problem: Problem | null;

  constructor() {
    super();
    this.ready = false;
    this.running = false;
    this.awaiting = false;
    this.maxBytes = 8192;
    this.program = "ddtest";
    this.fields = FIRST_FIELDS;
    this.problem = null;
  }

  protected override render(): TemplateResult {
    return html`
      <div class="tabs" role="group" aria-label="Program">
        ${this.#tab("ddtest", "ddtest")} ${this.#tab("ddfork", "ddfork")} ${this.#tab("other", "other")}
      </div>
      <form novalidate @submit=${this.#submit}>
        <p class="wide quiet">${this.awaiting ? AWAITING : SAYS[this.program]}</p>
        ${this.#inputs()}
        <p class="wide trouble" role="alert" id="problem">${this.problem?.problem ?? nothing}</p>
        <div class="wide press">
          <button class="primary" ?disabled=${!this.ready || this.#busy}>Run ${this.program === "other" ? "it" : this.program}</button>
          ${this.#busy ? html`<button type="button" @click=${this.#stop}>Stop</button>` : nothing}
        </div>
      </form>`;
  }

  get #busy(): boolean {
    return this.running || this.awaiting;
  }

  #tab(program: ProgramName, name: string): TemplateResult {
    const choose = () => {
      this.program = program;
      this.problem = null;
    };
    return html`<button type="button" aria-pressed=${this.program === program} @click=${choose}>${name}</button>`;
  }

  #inputs(): TemplateResult {
    switch (this.program) {
      case "ddtest":
        return html`${this.#input("words", "Words to write", "wide")}
        ${this.#input("buffer", "Read buffer, bytes", "", "4096")}
        ${this.#input("path", "Path on the volume", "", "/mnt")}`;
      case "ddfork":
        return html`${this.#input("writes", "Parent writes, items")} ${this.#input("reads", "Child reads, items")}`;
      case "other":
        return this.#input("line", "Program and arguments", "wide");
    }
  }

  #input(field: keyof Fields, label: string, place = "", hint = ""): TemplateResult {
    const bad = this.problem?.field === field;
    const change = ({ target }: Event) => {
      if (target instanceof HTMLInputElement) this.fields = { ...this.fields, [field]: target.value };
    };
    return html`<label class=${place}>${label}
      <input class="data" autocomplete="off" spellcheck="false" .value=${this.fields[field]} placeholder=${hint || nothing}
        aria-invalid=${bad ? "true" : nothing} aria-describedby=${bad ? "problem" : nothing} @input=${change} /></label>`;
  }

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!this.ready || this.#busy) return;
    const command = commandOf(this.program, this.fields, this.maxBytes);
    this.problem = "problem" in command ? command : null;
    if ("problem" in command) return;
    this.dispatchEvent(
      new CustomEvent<RunRequest>("dd-run", { detail: command, bubbles: true, composed: true }),
    );
  };

  readonly #stop = (): void => {
    this.dispatchEvent(new Event("dd-stop", { bubbles: true, composed: true }));
  };
}

customElements.define("dd-programs", Programs);
