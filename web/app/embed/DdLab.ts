// SPDX-License-Identifier: MIT
// <dd-lab scenario="fork" controls="minimal">: ddlab in a page of anybody's, by one classic script (embed.js). A frame
// on ddlab's own origin: its modules, worker and files would be refused in any other. Self-contained on purpose.

import type { Answer, Done, FrameState } from "./Messages.ts";

const VERSION = 1;
/** Between two pings: a page that was loaded need not have begun. */
const PING_MS = 250;
/** A frame that was loaded and says nothing for so long was not let in. */
const SILENCE_MS = 20_000;

const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : "";
const home = new URL("./", script || location.href);

type Asked = { readonly resolve: (answer: Answer) => void; readonly reject: (error: Error) => void };

class DdLab extends HTMLElement {
  static readonly observedAttributes = ["scenario", "controls"];
  readonly #frame = document.createElement("iframe");
  readonly #asked = new Map<number, Asked>();
  #ids = 0;
  #pong: Promise<Answer> | null = null;
  readonly #onMessage = (event: MessageEvent): void => this.#take(event);

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    this.#frame.style.cssText = "display: block; width: 100%; height: 100%; border: 0; border-radius: 10px";
    this.#frame.loading = "lazy";
    this.#frame.allow = "";
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(":host { display: block; height: 560px } :host([hidden]) { display: none }");
    root.adoptedStyleSheets = [sheet];
    root.append(this.#frame);
  }

  connectedCallback(): void {
    addEventListener("message", this.#onMessage);
    this.#open();
  }

  disconnectedCallback(): void {
    removeEventListener("message", this.#onMessage);
    this.#fail("the element was taken out of the page");
  }

  attributeChangedCallback(_name: string, before: string | null, now: string | null): void {
    if (this.isConnected && before !== now) this.#open();
  }

  /** Runs a scenario, the element's own if none is named; resolves when its program has ended. */
  async run(scenario: string | null = this.getAttribute("scenario")): Promise<Done> {
    const answer = await this.#ask({ type: "run", scenario: scenario ?? "echo" });
    if (answer.type !== "done") throw unexpected(answer);
    return answer.done;
  }

  async state(): Promise<FrameState> {
    const answer = await this.#ask({ type: "state" });
    if (answer.type !== "state") throw unexpected(answer);
    return answer.state;
  }

  /** The kernel's events of the run that is shown. */
  async events(): Promise<readonly unknown[]> {
    const answer = await this.#ask({ type: "events" });
    if (answer.type !== "events") throw unexpected(answer);
    return answer.events;
  }

  #open(): void {
    this.#fail("another scenario was opened");
    const address = new URL(home);
    for (const name of DdLab.observedAttributes) {
      const value = this.getAttribute(name);
      if (value !== null) address.searchParams.set(name, value);
    }
    address.searchParams.set("host", location.origin);
    const scenario = this.getAttribute("scenario");
    this.#frame.title = scenario === null ? "ddlab" : `ddlab: ${scenario}`;
    this.#frame.src = address.href;
    this.#pong = this.#greet();
    this.#pong.catch(() => {}); // told to whoever asks
  }

  /** Resolves when the frame has answered; nothing else is asked before. */
  #greet(): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const id = ++this.#ids;
      const ended = new AbortController();
      const settle = (act: () => void) => {
        ended.abort();
        act();
      };
      const call = () => {
        const ping = setInterval(() => this.#post({ type: "ping" }, id), PING_MS);
        const silence = setTimeout(() => settle(() => reject(new Error(SILENT))), SILENCE_MS);
        ended.signal.addEventListener("abort", () => {
          clearInterval(ping);
          clearTimeout(silence);
        });
      };
      this.#frame.addEventListener("load", call, { once: true, signal: ended.signal });
      this.#asked.set(id, {
        resolve: (answer) => settle(() => resolve(answer)),
        reject: (error) => settle(() => reject(error)),
      });
    });
  }

  async #ask(question: { readonly type: string; readonly scenario?: string }): Promise<Answer> {
    if (!this.#pong) throw new Error("<dd-lab> is not in a page yet");
    this.#frame.loading = "eager"; // whoever asks does not wait for the reader to come by
    await this.#pong;
    const id = ++this.#ids;
    const answer = new Promise<Answer>((resolve, reject) => this.#asked.set(id, { resolve, reject }));
    this.#post(question, id);
    return answer;
  }

  #post(question: object, id: number): void {
    this.#frame.contentWindow?.postMessage({ ddlab: VERSION, id, ...question }, home.origin);
  }

  #take({ source, origin, data }: MessageEvent): void {
    if (source !== this.#frame.contentWindow || origin !== home.origin || data?.ddlab !== VERSION) return;
    if (data.type === "changed")
      this.dispatchEvent(new CustomEvent<FrameState>("dd-state", { detail: data.state }));
    const asked = this.#asked.get(data.id);
    this.#asked.delete(data.id);
    if (data.type === "error") asked?.reject(new Error(data.message));
    else asked?.resolve(data);
  }

  #fail(why: string): void {
    for (const { reject } of this.#asked.values()) reject(new Error(`<dd-lab>: ${why}`));
    this.#asked.clear();
  }
}

const SILENT = `<dd-lab>: ${home.href} did not answer. Pages that set Cross-Origin-Embedder-Policy, or a Content-Security-Policy whose frame-src does not name ${home.origin}, cannot show it.`;

function unexpected({ type }: Answer): Error {
  return new Error(`<dd-lab>: the frame answered “${type}”`);
}

if (!customElements.get("dd-lab")) customElements.define("dd-lab", DdLab);
