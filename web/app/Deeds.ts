// SPDX-License-Identifier: MIT
// What a person can do on the page beside running programs, each as one call. The commands and the buttons do it by these.

import type { AxisKind } from "../flow/Axis.ts";
import { parseFilter } from "../flow/filter/parse.ts";
import { FilterError } from "../flow/filter/tokens.ts";
import type { ShowEvent } from "../view/compare/Compare.ts";
import { rowsAsText } from "../view/events/rowsAsText.ts";
import { itemNumber } from "../view/inspector/Dossier.ts";
import type { FlowPicture } from "../view/picture/FlowPicture.ts";
import type { MarkName } from "./Looking.ts";
import type { Sharing } from "./Sharing.ts";
import type { Stage, Tab } from "./Stage.ts";

/** Some ten megabytes of text. */
const COPIED_MOST = 100_000;

export class Deeds {
  readonly #stage: Stage;
  readonly #sharing: Sharing;

  constructor(stage: Stage, sharing: Sharing) {
    this.#stage = stage;
    this.#sharing = sharing;
  }

  get picture(): FlowPicture | null {
    return this.#stage.panel?.picture ?? null;
  }

  openTab(tab: Tab): void {
    this.#stage.openTab(tab);
  }

  get #row(): number | null {
    return this.#stage.lab?.state.peek().selected ?? null;
  }

  get selected(): boolean {
    return this.#row !== null;
  }

  get filtered(): boolean {
    return this.#stage.looking.state.peek().matching !== null;
  }

  get marked(): boolean {
    return this.#stage.looking.state.peek().markers.length > 0;
  }

  get singleKeys(): boolean {
    return this.#stage.keyboard.singleKeys;
  }

  get hasRun(): boolean {
    return (this.#stage.lab?.state.peek().run ?? null) !== null;
  }

  get showsLog(): boolean {
    const { flow, live } = this.#stage.lab?.state.peek() ?? {};
    return flow !== live;
  }

  get program(): boolean {
    const { running, awaiting } = this.#stage.lab?.state.peek() ?? {};
    return running === true || awaiting === true;
  }

  openPalette(query = ""): void {
    this.#stage.palette?.openCommands(query);
  }

  openKeys(): void {
    this.#stage.palette?.openKeys();
  }

  focusFilter(): void {
    this.#stage.filterBar?.focus();
  }

  nextMatch(by: 1 | -1): void {
    const row = this.#stage.looking.state.peek().matching?.next(this.#row, by) ?? null;
    if (row !== null) this.#goTo(row);
  }

  clearFilter(): void {
    this.#filter("");
  }

  followLink(): void {
    const row = this.#row;
    const link = row === null ? 0 : (this.#stage.lab?.state.peek().flow.log.link(row) ?? 0);
    if (link === 0) this.#stage.lab?.say("The selected event is of no link: select one that is.");
    else this.#filter(`link:${link}`);
  }

  followItem(): void {
    const row = this.#row;
    const flow = this.#stage.lab?.state.peek().flow;
    const item = row === null ? null : (flow?.itemOf(row) ?? null);
    const link = item && flow ? flow.links[item.link] : undefined;
    if (!item || !link) this.#stage.lab?.say("The selected event is of no item: select one that is.");
    else this.#filter(`link:${link.id} item:${itemNumber(item.id)}`);
  }

  /** To the top of the picture, or back to its place. */
  pin(which: "link" | "process"): void {
    if (this.#row !== null) this.picture?.pin(this.#row, which);
  }

  mark(name: MarkName): void {
    if (this.#row !== null) this.#stage.looking.mark(name, this.#row);
  }

  goToMarker(name: MarkName): void {
    const row = this.#stage.looking.marked(name);
    if (row !== null) this.#goTo(row);
  }

  clearMarkers(): void {
    this.#stage.looking.clearMarkers();
  }

  axis(kind: AxisKind | "other"): void {
    const panel = this.#stage.panel;
    if (panel) panel.kind = kind === "other" ? (panel.kind === "story" ? "time" : "story") : kind;
  }

  copyEvent(): void {
    if (this.#row !== null) this.copyThese([this.#row]);
  }

  copyRows(): void {
    const events = this.#stage.lab?.state.peek().run?.events;
    const { matching } = this.#stage.looking.state.peek();
    const rows = Array.from({ length: events?.length ?? 0 }, (_, index) => events?.at(index) ?? 0);
    this.copyThese(matching ? rows.filter((row) => matching.has(row)) : rows);
  }

  copyThese(rows: readonly number[]): void {
    const { flow, run } = this.#stage.lab?.state.peek() ?? {};
    if (!flow || !run || rows.length === 0) return;
    if (rows.length > COPIED_MOST) {
      const words = `${rows.length} events are too many for the clipboard: filter them, or save all as JSON.`;
      this.#stage.lab?.say(words);
      return;
    }
    const words = rows.length === 1 ? "The event is copied." : `${rows.length} events are copied.`;
    void this.#copy(rowsAsText(flow, rows, run.events.at(0)), words);
  }

  async #copy(text: string, done: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.#stage.lab?.announce(done);
    } catch {
      this.#stage.lab?.say("The browser does not let this page copy: allow it the clipboard and try again.");
    }
  }

  saveLog(): void {
    this.#sharing.saveLog();
  }

  saveTrace(): void {
    this.#sharing.saveTrace();
  }

  saveSvg(): void {
    this.#sharing.saveSvg();
  }

  savePng(): void {
    void this.#sharing.savePng();
  }

  openLog(): void {
    void this.#sharing.open();
  }

  copyLink(events: "again" | "these"): void {
    void this.#copyLink(events);
  }

  async #copyLink(events: "again" | "these"): Promise<void> {
    const address = await this.#sharing.address(events);
    if (address !== null) await this.#copy(address, "The link is copied.");
  }

  backToGuest(): void {
    if (this.#stage.lab) this.#stage.lab.showFlow(this.#stage.lab.state.peek().live);
  }

  showDifference({ flow, row }: ShowEvent): void {
    if (flow !== this.#stage.lab?.state.peek().flow) this.#stage.lab?.showFlow(flow);
    this.#goTo(row);
    this.#stage.looking.mark("≠", row);
  }

  toggleSingleKeys(): void {
    this.#stage.keyboard.singleKeys = !this.singleKeys;
    this.#stage.lab?.announce(`Keys that are single characters are ${this.singleKeys ? "on" : "off"}.`);
  }

  restart(): void {
    void this.#stage.lab?.restart();
  }

  stop(): void {
    this.#stage.lab?.stop();
  }

  #filter(text: string): void {
    const filter = parseFilter(text);
    if (!(filter instanceof FilterError)) this.#stage.looking.filter(text, filter);
  }

  #goTo(row: number): void {
    this.#stage.lab?.select(row);
    void this.#stage.drawn().then(() => this.picture?.reveal(row));
  }
}
