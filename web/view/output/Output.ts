// SPDX-License-Identifier: MIT
// <dd-output>: the program's own words, as it printed them.

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { controls } from "../style/controls.ts";
import type { Piece, Transcript } from "./Transcript.ts";

const CLASSES: Readonly<Record<Piece["from"], string>> = {
  command: "command",
  stdout: "",
  stderr: "trouble",
};

export class Output extends LitElement {
  static override properties = { transcript: { attribute: false }, version: { attribute: false } };
  static override styles = [
    controls,
    css`
      pre {
        margin: 0;
        font: 12.5px/1.5 var(--mono);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        max-height: var(--output-height, 340px);
        overflow: auto;
      }
      code {
        display: block;
        font: inherit;
      }
      .command {
        color: var(--quiet);
      }
    `,
  ];

  declare transcript: Transcript | null;
  declare version: number;
  /** Keeps the end in sight when the text has grown; asking for its height at once would lay the page out each time. */
  readonly #growth = new ResizeObserver(() => {
    const pre = this.renderRoot.querySelector("pre");
    if (pre) pre.scrollTop = pre.scrollHeight;
  });
  #text: Element | null = null;

  constructor() {
    super();
    this.transcript = null;
    this.version = 0;
  }

  protected override render(): TemplateResult {
    const transcript = this.transcript;
    if (!transcript) return html`<p class="quiet">What the program prints appears here.</p>`;
    const { pieces, ending, failed, dropped } = transcript;
    const earlier =
      dropped > 0 ? html`<span class="quiet">(${dropped} earlier characters left out)\n</span>` : nothing;
    return html`<pre tabindex="0" role="region" aria-label="What the program printed"><code>${earlier}${pieces.map(
      ({ from, text }) => html`<span class=${CLASSES[from]}>${text}</span>`,
    )}</code></pre>
    <p role="status" class=${failed ? "trouble" : "quiet"}>${ending ?? "running"}</p>`;
  }

  protected override updated(): void {
    const text = this.renderRoot.querySelector("code");
    if (text === this.#text) return;
    this.#growth.disconnect();
    this.#text = text;
    if (text) this.#growth.observe(text);
  }
}

customElements.define("dd-output", Output);
