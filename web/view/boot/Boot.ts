// SPDX-License-Identifier: MIT
// <dd-boot>: what stands in the picture's place until there is a guest, and what is said when there is none.

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { controls } from "../style/controls.ts";

/** Where the guest is in its life, as far as a person is concerned. */
export type Phase =
  | { readonly kind: "loading"; readonly loaded: number; readonly total: number }
  | { readonly kind: "starting"; readonly cold: string | null }
  | { readonly kind: "ready"; readonly ms: number; readonly cold: string | null }
  /** The agent is gone; init starts it again. */
  | { readonly kind: "agent-lost"; readonly reason: string }
  /** The guest is dead. */
  | { readonly kind: "guest-lost"; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string; readonly hopeless: boolean };

export class Boot extends LitElement {
  static override properties = { phase: { attribute: false } };
  static override styles = [
    controls,
    css`
      :host {
        padding: 28px 22px;
      }
      .body {
        max-width: 56ch;
        display: grid;
        gap: 10px;
        justify-items: start;
      }
      strong {
        font-size: 15px;
      }
      progress {
        width: min(360px, 100%);
        height: 8px;
        accent-color: var(--accent);
      }
    `,
  ];

  declare phase: Phase;

  constructor() {
    super();
    this.phase = { kind: "loading", loaded: 0, total: 0 };
  }

  protected override render(): TemplateResult {
    const { phase } = this;
    switch (phase.kind) {
      case "loading":
        return body(
          "Loading the guest",
          html`${bar(phase.loaded, phase.total)}<p class="quiet">${loadedWords(phase.loaded, phase.total)}</p>`,
        );
      case "starting":
        return body(
          phase.cold === null ? "Restoring the guest" : "Booting Linux",
          html`${phase.cold === null ? RESTORING : BOOTING}
          <p class="quiet">${phase.cold ?? "It goes on from where it was saved."}</p>`,
        );
      case "ready":
      case "agent-lost":
        return body(
          "The guest is running",
          html`<p class="quiet">Press Run: each message, each item that waits and each read will be drawn here, from the kernel’s own events.</p>`,
        );
      case "guest-lost":
        return body(
          "The guest is gone",
          html`<p class="trouble" role="alert">${phase.reason}</p>${this.#restart("Restart the guest")}`,
        );
      case "failed":
        return body(
          "The guest cannot start",
          html`<p class="trouble" role="alert">${phase.reason}</p>
          ${phase.hopeless ? nothing : this.#restart("Try again")}`,
        );
    }
  }

  #restart(words: string): TemplateResult {
    const restart = () => this.dispatchEvent(new Event("dd-restart", { bubbles: true, composed: true }));
    return html`<button class="primary" type="button" @click=${restart}>${words}</button>`;
  }
}

/**
 * A restored guest runs within a moment. A bar without an end is painted anew in each frame, and would keep it waiting
 * for longer than anybody looks at it: that is for what takes seconds.
 */
const RESTORING = html`<progress aria-label="Starting the guest" max="1" value="1"></progress>`;
const BOOTING = html`<progress aria-label="Starting the guest"></progress>`;

function body(title: string, rest: TemplateResult): TemplateResult {
  return html`<div class="body"><strong>${title}</strong>${rest}</div>`;
}

function bar(loaded: number, total: number): TemplateResult {
  return html`<progress aria-label="Loading" max=${total || 1} value=${loaded}></progress>`;
}

export function loadedWords(loaded: number, total: number): string {
  if (total === 0) return "Asking for the file list";
  return `${megabytes(loaded)} of ${megabytes(total)} MB`;
}

export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

customElements.define("dd-boot", Boot);
