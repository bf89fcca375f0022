// SPDX-License-Identifier: MIT
// <dd-console>: the guest's first serial port, kernel messages and a shell, as a terminal.

import { FitAddon } from "@xterm/addon-fit";
import { type ITheme, Terminal } from "@xterm/xterm";
import terminalStyle from "@xterm/xterm/css/xterm.css?inline";
import { css, html, LitElement, type PropertyValues, type TemplateResult, unsafeCSS } from "lit";
import type { ByteChannel } from "../../base/ByteChannel.ts";
import { controls } from "../style/controls.ts";
import { openUnderPolicy } from "./openUnderPolicy.ts";

const SCROLLBACK_LINES = 2000;

export class Console extends LitElement {
  static override properties = { channel: { attribute: false }, backlog: { attribute: false } };
  static override styles = [
    controls,
    unsafeCSS(terminalStyle),
    css`
      .screen {
        height: 320px;
        padding: 8px;
        border-radius: 6px;
        background: var(--terminal);
        overflow: hidden;
      }
      p {
        margin-top: 8px;
        font-size: 12.5px;
      }
      .screen:focus-within {
        outline: 2px solid var(--accent);
        outline-offset: 2px;
      }
    `,
  ];

  declare channel: ByteChannel | null;
  /** What the guest printed before this element was there. */
  declare backlog: readonly Uint8Array[];

  #terminal: Terminal | null = null;
  readonly #fit = new FitAddon();
  #unsubscribe: () => void = () => {};
  readonly #sizes = new ResizeObserver(() => this.#resize());
  readonly #scheme = matchMedia("(prefers-color-scheme: dark)");

  constructor() {
    super();
    this.channel = null;
    this.backlog = [];
  }

  protected override render(): TemplateResult {
    return html`<div class="screen"></div>
      <p class="quiet">The guest’s first serial port, with a shell: press Enter. Tab belongs to it; Shift-Tab leaves.</p>`;
  }

  protected override firstUpdated(): void {
    const screen = this.renderRoot.querySelector<HTMLElement>(".screen");
    const root = this.shadowRoot;
    if (!screen || !root) return;
    const terminal = new Terminal({
      convertEol: true,
      fontFamily: getComputedStyle(this).getPropertyValue("--mono"),
      fontSize: 13,
      scrollback: SCROLLBACK_LINES,
      screenReaderMode: true,
      theme: this.#theme(),
    });
    terminal.loadAddon(this.#fit);
    openUnderPolicy(terminal, screen, root);
    // A way out for those who have no mouse.
    terminal.attachCustomKeyEventHandler(({ key, shiftKey }) => key !== "Tab" || !shiftKey);
    terminal.onData((text) => this.#send(text));
    this.#terminal = terminal;
    this.#sizes.observe(this);
    this.#scheme.addEventListener("change", this.#onScheme);
    this.#connect();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("channel") && changed.get("channel") !== undefined) this.#connect();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes.disconnect();
    this.#scheme.removeEventListener("change", this.#onScheme);
    this.#unsubscribe();
  }

  override focus(): void {
    this.#terminal?.focus();
  }

  #connect(): void {
    this.#unsubscribe();
    this.#terminal?.reset();
    for (const bytes of this.backlog) this.#terminal?.write(bytes);
    this.#unsubscribe = this.channel?.subscribe((bytes) => this.#terminal?.write(bytes)) ?? (() => {});
  }

  #send(text: string): void {
    // A key pressed on a machine that just ended has nowhere to go, and the page says that it ended.
    this.channel?.write(new TextEncoder().encode(text)).catch(() => {});
  }

  #resize(): void {
    if (this.offsetParent !== null) this.#fit.fit();
  }

  readonly #onScheme = (): void => {
    if (this.#terminal) this.#terminal.options.theme = this.#theme();
  };

  #theme(): ITheme {
    return this.#scheme.matches
      ? { background: "#101216", foreground: "#e7e9ec", cursor: "#7aa5ff" }
      : { background: "#ffffff", foreground: "#1a1d21", cursor: "#2257d0", cursorAccent: "#ffffff" };
  }
}

customElements.define("dd-console", Console);
