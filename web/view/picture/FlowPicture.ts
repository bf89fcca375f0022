// SPDX-License-Identifier: MIT
// <dd-flow-picture>: one run as a picture. The drawing is scrolled by the browser's own means and drawn for
// the part that is seen; a veil over what lies after the cursor makes it move without drawing anything anew.
// As long as there is room for words it is SVG; where more events are in sight, a canvas that is painted each frame.

import { html, LitElement, nothing, type PropertyValues, svg, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { Axis, type AxisKind } from "../../flow/Axis.ts";
import type { Flow } from "../../flow/Flow.ts";
import { type Run, WHOLE } from "../../flow/Lives.ts";
import type { Drawing, Lane } from "./Drawing.ts";
import { flowPictureStyle } from "./FlowPicture.style.ts";
import { FarCanvas } from "./far/FarCanvas.ts";
import { inkSamples, type Palette, readPalette } from "./far/Palette.ts";
import type { Lanes } from "./Lanes.ts";
import { fittingScale, layout, MARGIN, widthOf, xOf } from "./Layout.ts";
import { dotsAt, Sweep } from "./Motion.ts";
import { Pinch } from "./Pinch.ts";
import { LanePlan } from "./Stack.ts";
import { pictureSummary } from "./Summary.ts";
import { drawn, type RowSet } from "./shapes.ts";

/** A moment that a person has marked, or that something is worth a look at. */
export interface Marker {
  /** One letter or sign. */
  readonly name: string;
  readonly row: number;
}

/** The first and the last event in sight, by their place in the run. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

const OVERSCAN = 600;
/** Pixels of the wheel that double the scale. */
const WHEEL_DOUBLES = 260;
/** With more events in sight there is no room for words. */
const NEAR_MAX = 400;
/** Texts of long bars follow the seen part in steps of so many pixels. */
const LABEL_STEP = 24;
/** While a log is read, the reading has most of the time. */
const GROWING_REST_MS = 50;
/** After zooming, before the surface from afar gets its size, and its scroll bar its measure. */
const ZOOM_REST_MS = 100;
/** Browsers lay nothing out beyond some 17 million pixels. */
const WIDTH_MAX = 16e6;

export class FlowPicture extends LitElement {
  static override properties = {
    flow: { attribute: false },
    run: { attribute: false },
    version: { attribute: false },
    kind: { attribute: false },
    selected: { attribute: false },
    speed: { attribute: false },
    matching: { attribute: false },
    markers: { attribute: false },
    growing: { attribute: false },
  };
  static override styles = flowPictureStyle;

  declare flow: Flow | null;
  declare run: Run | null;
  /** Raised by whoever pushes events, because the flow is changed in place. */
  declare version: number;
  declare kind: AxisKind;
  declare selected: number | null;
  declare speed: number;
  /** What does not match a filter is drawn faintly; null: no filter. */
  declare matching: RowSet | null;
  declare markers: readonly Marker[];
  /** Events that a log will have that is still being read; 0 when there is none. */
  declare growing: number;

  #axis: Axis | null = null;
  #drawing: Drawing | null = null;
  #plan: LanePlan | null = null;
  /** The height of all lanes of the canvas; null while the picture is SVG. */
  #far: number | null = null;
  readonly #farCanvas = new FarCanvas();
  #palette: Palette | null = null;
  #painting = 0;
  /** Pixels of the picture that the surface from afar has room for, and what will give it the right size. */
  #stretched = 0;
  #stretching = 0;
  /** The canvas shows something else than it should. */
  #stale = false;
  readonly #pinch = new Pinch();
  /** Where the scroller shall stand once the picture has its new width. */
  #aim: number | null = null;
  #scale = 0;
  /** The scale at which all of a growing log should fit; 0: not guessed yet. */
  #guess = 0;
  #zoomed = false;
  /** True when even an illegible whole was asked for. */
  #whole = false;
  /** True once the person looks where he likes; until then the picture chooses its place by itself. */
  #moved = false;
  #sweep: Sweep | null = null;
  /** True while what lies after the cursor has never been shown. */
  #fresh = false;
  #frame = 0;
  #lastFrame = 0;
  #seen = { from: 0, to: 0 };
  #more = false;
  #labelsAt = 0;
  /** What the drawing was made for; the sweep moves over it without a new one. */
  #drawn = "";
  /** Pixels of the whole element and of the names of its lanes; 0 until they are measured. */
  #width = 0;
  #gutter = 0;
  /** What the canvas shows. */
  #painted = { left: 0, top: 0 };
  readonly #sizes = new ResizeObserver(() => {
    this.#measure();
    this.requestUpdate();
  });

  constructor() {
    super();
    this.flow = null;
    this.run = null;
    this.version = 0;
    this.kind = "story";
    this.selected = null;
    this.speed = 1;
    this.matching = null;
    this.markers = [];
    this.growing = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes.disconnect();
    cancelAnimationFrame(this.#frame);
    cancelAnimationFrame(this.#painting);
    clearTimeout(this.#stretching);
  }

  get playing(): boolean {
    return this.#frame !== 0;
  }

  /** Plays the run again from its beginning, or goes on from where the cursor was stopped. */
  play(): void {
    const axis = this.#axis;
    if (!axis || axis.length < 2) return;
    const from = this.#sweep && !this.#fresh && this.#sweep.at < axis.end ? this.#sweep.at : 0;
    this.#fresh = false;
    this.#start(Sweep.replay(from, axis.end, axis.length, this.speed));
  }

  pause(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#changed();
  }

  /** Puts the cursor behind an event, and selects it. */
  step(by: number): void {
    const axis = this.#axis;
    if (!axis || axis.length === 0) return;
    const now = this.selected === null ? (by > 0 ? -1 : axis.length) : axis.indexOf(this.selected);
    this.goTo(Math.min(Math.max(now + by, 0), axis.length - 1));
  }

  goToEnd(last: boolean): void {
    if (this.#axis?.length) this.goTo(last ? this.#axis.length - 1 : 0);
  }

  pan(by: number): void {
    this.#moved = true;
    if (this.#far === null) {
      this.#scroller?.scrollBy({ left: by });
      return;
    }
    this.#aim = Math.max(0, this.#left() + by);
    this.#repaint();
  }

  /** Brings an event into sight, unless it is. */
  reveal(row: number): void {
    if (!this.#axis || !this.#shows(row)) return;
    this.#moved = true;
    this.#show(xOf(this.#axis, this.#scale, this.#axis.indexOf(row)));
  }

  /** Pins the lane of the event's link, or of its process, above all others; pinned ones go back to their place. */
  pin(row: number, which: "link" | "process"): void {
    const life = which === "link" ? this.flow?.linkOf(row) : this.flow?.processOf(row);
    const pinned = this.#plan?.pinned;
    if (!life || !pinned) return;
    if (!pinned.delete(life)) pinned.add(life);
    this.#drawn = "";
    this.requestUpdate();
  }

  /** Where the cursor stands, by the place of its event in the run; null: at the end. */
  get moment(): number | null {
    const axis = this.#axis;
    if (!axis || !this.#sweep || this.#fresh) return null;
    return Math.min(axis.firstFrom(this.#sweep.at), axis.length - 1);
  }

  /** Null as long as nobody has zoomed. */
  get range(): Range | null {
    const axis = this.#axis;
    const scroller = this.#scroller;
    if (!axis || !scroller || !this.#zoomed) return null;
    const indexAt = (x: number) => Math.min(axis.firstFrom((x - MARGIN) / this.#scale), axis.length - 1);
    return { from: indexAt(scroller.scrollLeft), to: indexAt(scroller.scrollLeft + this.#room()) };
  }

  showRange({ from, to }: Range): void {
    const axis = this.#axis;
    if (!axis || axis.length === 0) return;
    const [first, last] = [from, to].map((index) => axis.at(Math.min(Math.max(0, index), axis.length - 1)));
    const units = Math.max((last ?? 0) - (first ?? 0), 1e-6);
    const room = this.#room();
    this.#zoomed = true;
    this.#moved = true;
    this.#scale = Math.min((room - 2 * MARGIN) / units, WIDTH_MAX / Math.max(axis.end, 1e-6));
    this.#aim = (first ?? 0) * this.#scale;
    this.requestUpdate();
  }

  /** What lies `at` pixels from the left edge of the seen part stays there. */
  zoom(by: number, at = this.#room() / 2): void {
    const scroller = this.#scroller;
    const axis = this.#axis;
    if (!scroller || !axis) return;
    const position = ((this.#aim ?? scroller.scrollLeft) + at - MARGIN) / this.#scale;
    this.#zoomed = true;
    this.#moved = true;
    this.#scale = Math.min(this.#scale * by, WIDTH_MAX / Math.max(axis.end, 1e-6));
    this.#aim = Math.max(0, MARGIN + position * this.#scale - at);
    if (this.#far !== null) this.#repaint();
    else this.requestUpdate();
  }

  fit(): void {
    this.#zoomed = false;
    this.#whole = true;
    this.requestUpdate();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { flow, run } = this;
    if (!flow || !run) return;
    if (this.#width === 0) this.#measure();
    const other = changed.has("run") || changed.has("kind") || changed.has("flow");
    const before = other ? 0 : (this.#axis?.end ?? 0);
    if (other || !this.#axis) this.#axis = new Axis(this.kind, flow, run);
    else this.#axis.update();
    if (other || !this.#plan) this.#plan = new LanePlan(flow, run);
    if (other) this.#beginAnew(run);
    this.#reveal(changed, before, this.#axis);
    this.#draw(flow, run, this.#axis);
  }

  #beginAnew(run: Run): void {
    this.#zoomed = false;
    this.#whole = run.ordinal === WHOLE;
    this.#far = null;
    this.#guess = 0;
    this.#moved = false;
    this.#stop();
  }

  /** A live run's new events are swept in; one that ended before is simply there. */
  #reveal(changed: PropertyValues<this>, before: number, axis: Axis): void {
    const live = changed.has("version") && !changed.has("kind") && this.#far === null;
    if (!live || axis.end <= before || this.kind === "time" || reducedMotion()) return;
    const from = this.#sweep && this.#fresh ? this.#sweep.at : before;
    this.#fresh = true;
    this.#start(Sweep.reveal(from, axis.end));
  }

  /** Pixels for the picture beside the names of its lanes. */
  #room(): number {
    return Math.max(200, this.#width - this.#gutter);
  }

  /** Once for each size: to ask each frame would cost a layout each frame. */
  #measure(): void {
    this.#width = this.clientWidth;
    this.#gutter = Number.parseInt(getComputedStyle(this).getPropertyValue("--gutter"), 10) || 132;
  }

  #draw(flow: Flow, run: Run, axis: Axis): void {
    const width = this.#room();
    const left = this.#left();
    if (!this.#zoomed) this.#scale = this.#fitting(axis, width);
    const near = this.#isNear(...this.#rowsBetween(axis, left, left + width));
    this.#far = near ? null : this.#farHeight();
    if (near) this.#drawNear(flow, run, axis, left, width);
    else if (this.#fresh) this.#stop();
  }

  /** A growing log fills its room from the left, at one scale, so that only what comes has to be painted. */
  #fitting(axis: Axis, width: number): number {
    if (this.growing === 0) return fittingScale(axis, width, this.#whole);
    const room = fittingScale(axis, width, true) * axis.end;
    if (this.#guess === 0 || this.#guess * axis.end > room)
      this.#guess = (room / axis.end) * Math.min(1, axis.length / this.growing);
    return this.#guess;
  }

  #isNear(first: number, last: number): boolean {
    return this.growing === 0 && last - first <= NEAR_MAX;
  }

  #drawNear(flow: Flow, run: Run, axis: Axis, left: number, width: number): void {
    const needed = [
      run.ordinal,
      axis.kind,
      this.version,
      this.#scale,
      width,
      Math.round(left / LABEL_STEP),
    ].join();
    if (needed === this.#drawn && left >= this.#seen.from && left + width <= this.#seen.to) return;
    this.#drawn = needed;
    this.#labelsAt = Math.round(left / LABEL_STEP);
    this.#seen = { from: left - OVERSCAN, to: left + width + OVERSCAN };
    const [first, last] = this.#rowsBetween(axis, this.#seen.from, this.#seen.to);
    const lanes = this.#lanes("near", axis.rowAt(first), axis.rowAt(last));
    this.#drawing = layout({ flow, run, lanes, axis, scale: this.#scale, left, ...this.#seen });
  }

  /** Indices of the first and the last event between two places of the picture. */
  #rowsBetween(axis: Axis, from: number, to: number): readonly [number, number] {
    const index = (x: number) =>
      Math.max(0, Math.min(axis.firstFrom((x - MARGIN) / this.#scale), axis.length - 1));
    return [index(from), index(to)];
  }

  #lanes(distance: "near" | "far", from: number, to: number): Lanes {
    return this.#plan?.lanes(distance, from, to) ?? NO_LANES;
  }

  #farHeight(): number {
    return this.#plan?.height("far") ?? 0;
  }

  #shows(row: number): boolean {
    return this.flow !== null && this.run !== null && this.flow.isIn(row, this.run);
  }

  get #scroller(): Element | null {
    return this.renderRoot.querySelector(".scroller");
  }

  #left(): number {
    return this.#aim ?? this.#scroller?.scrollLeft ?? 0;
  }

  protected override updated(changed: PropertyValues<this>): void {
    this.#stretch();
    this.#takeAim();
    this.#stand();
    this.#lookRight();
    if (this.#far === null) return;
    this.#palette = readPalette(this.renderRoot);
    // A part of a log comes between two keys, and to make the page anew takes its share of that time: painted later.
    if (this.growing > 0 || changed.has("growing")) this.#repaint();
    else this.#paint();
  }

  /** Gives the surface from afar its size. Zooming does only this: a layout, and no rendering. */
  #stretch(): void {
    const [axis, far] = [this.#axis, this.#far];
    const surface = this.renderRoot.querySelector(".far");
    const canvas = surface?.querySelector("canvas");
    clearTimeout(this.#stretching);
    if (!axis || far === null || !(surface instanceof HTMLElement) || !canvas) return;
    this.#stretched = widthOf(axis, this.#scale);
    resize(surface, this.#stretched + this.#gutter, far);
    resize(canvas, this.#room() + this.#gutter, Math.min(far, FAR_HEIGHT));
  }

  #takeAim(): void {
    const scroller = this.#scroller;
    if (scroller && this.#aim !== null) scroller.scrollLeft = this.#aim;
    this.#aim = null;
  }

  readonly #paint = (): void => {
    this.#stale = false;
    const { flow, run } = this;
    const [axis, palette, scroller] = [this.#axis, this.#palette, this.#scroller];
    const canvas = this.renderRoot.querySelector("canvas");
    if (!flow || !run || !axis || !palette || !scroller || !canvas) return;
    const place = {
      left: scroller.scrollLeft,
      top: scroller.scrollTop,
      width: this.#room(),
      height: scroller.clientHeight,
    };
    this.#painted = place;
    const lanesBetween = (from: number, to: number) => this.#lanes("far", from, to);
    const pinned = this.#plan?.pinnedKeys ?? "";
    const sight = { flow, run, axis, lanesBetween, pinned, scale: this.#scale, ...place };
    const item = this.selected === null ? null : flow.itemNumberOf(this.selected);
    const { selected, matching, markers } = this;
    const cursor = this.#sweep?.at ?? null;
    const emphasis = { selected, item, matching, markers, cursor };
    if (!this.#farCanvas.paint(canvas, sight, this.#gutter, palette, emphasis)) this.#paintLater();
  };

  /** What is too much for one frame goes on in the next ones. */
  readonly #paintOn = (): void => {
    this.#painting = 0;
    if (this.#stale) this.#paintAnew();
    else if (!this.#farCanvas.goOn()) this.#paintLater();
  };

  #paintLater(): void {
    if (this.#painting !== 0) return;
    const paint = () => {
      this.#painting = requestAnimationFrame(this.#paintOn);
    };
    if (this.growing === 0) paint();
    else this.#painting = window.setTimeout(paint, GROWING_REST_MS);
  }

  /** The canvas shows another part: within the next frame, by itself or, where it takes other lanes, as a whole. */
  #repaint(): void {
    this.#stale = true;
    this.#paintLater();
  }

  #paintAnew(): void {
    const axis = this.#axis;
    if (!axis) return;
    const [first, last] = this.#rowsBetween(axis, this.#left(), this.#left() + this.#room());
    if (this.#isNear(first, last)) {
      this.requestUpdate();
      return;
    }
    const far = this.#farHeight();
    const taller = far !== this.#far;
    this.#far = far;
    if (this.#aim !== null) this.#makeRoom(axis, taller);
    this.#takeAim();
    this.#paint();
  }

  /** A layout costs a tenth of a frame: while somebody zooms, only where the surface is too small for what is aimed at. */
  #makeRoom(axis: Axis, taller: boolean): void {
    const [room, width] = [this.#room(), widthOf(axis, this.#scale)];
    this.#aim = Math.max(0, Math.min(this.#aim ?? 0, width - room));
    if (taller || this.#aim + room > this.#stretched) this.#stretch();
    else this.#stretchLater();
  }

  #stretchLater(): void {
    clearTimeout(this.#stretching);
    this.#stretching = window.setTimeout(() => this.#stretch(), ZOOM_REST_MS);
  }

  /** Where nobody has moved the picture, it stands at the end of a run that goes on, at the beginning of one that is over. */
  #stand(): void {
    const scroller = this.#scroller;
    if (!scroller || !this.run || this.#moved || this.#sweep) return;
    const hidden = scroller.scrollWidth - scroller.clientWidth - scroller.scrollLeft;
    if (this.run.alive > 0 && hidden > MARGIN) scroller.scrollLeft = scroller.scrollWidth;
    if (this.run.alive === 0 && scroller.scrollLeft > 0) scroller.scrollTo({ left: 0, behavior: gliding() });
  }

  protected override render(): TemplateResult {
    if (this.#far !== null && this.run) return this.#renderFar(this.run);
    const drawing = this.#drawing;
    if (!drawing || !this.flow || !this.run || !this.#axis) return html`<slot></slot>`;
    const width = Math.max(drawing.width, this.#width - this.#gutter - 2);
    const item = this.selected === null ? null : (this.flow.itemOf(this.selected)?.number ?? null);
    return this.#frameOf(
      this.run,
      drawing.height > TALL,
      html`
        <div class="gutter" .style=${`height: ${drawing.height}px`}>${drawing.lanes.map((lane) => laneName(lane, this.#plan?.isPinned(lane) ?? false))}</div>
        <div class="canvas">
          <svg width=${width} height=${drawing.height} aria-hidden="true" @click=${this.#onClick}>
            ${guard([drawing, this.selected, this.matching], () => [
              ...drawing.ticks.map(tick(drawing.height)),
              ...drawn(drawing.shapes, { row: this.selected, item }, this.matching),
              this.#choice(drawing),
            ])}
            ${this.#veil(drawing, width)}
            ${this.markers.map((marker) => this.#marker(drawing, marker))}
          </svg>
        </div>`,
    );
  }

  #renderFar(run: Run): TemplateResult {
    return this.#frameOf(
      run,
      true,
      html`<div class="far"><canvas aria-hidden="true" @click=${this.#onFarClick}></canvas></div>${inkSamples()}`,
    );
  }

  #frameOf(run: Run, tall: boolean, content: TemplateResult): TemplateResult {
    return html`<div class=${this.#more ? "more" : ""}>
      <div class="scroller ${tall ? "tall" : ""} ${this.#far === null ? "" : "from-afar"}" role="application" tabindex="0" aria-roledescription="flow picture"
        aria-label=${pictureSummary(run)} aria-description="Left and right arrow keys step through the events, space plays them again, question mark shows all keys."
        @scroll=${this.#onScroll} @wheel=${this.#onWheel} @pointerdown=${this.#onFinger} @pointermove=${this.#onPinch}
        @pointerup=${this.#onFingerGone} @pointercancel=${this.#onFingerGone}>${content}</div>
      ${this.#more && !this.playing ? html`<button type="button" class="onward" @click=${this.#onward}>goes on →</button>` : nothing}
    </div>`;
  }

  #choice(drawing: Drawing): TemplateResult {
    const axis = this.#axis;
    if (this.selected === null || !axis || !this.#shows(this.selected)) return svg``;
    const x = xOf(axis, this.#scale, axis.indexOf(this.selected));
    return svg`<line class="choice" x1=${x} x2=${x} y1="16" y2=${drawing.height}></line>`;
  }

  #marker(drawing: Drawing, { name, row }: Marker): TemplateResult {
    const axis = this.#axis;
    if (!axis || !this.#shows(row)) return svg``;
    const x = xOf(axis, this.#scale, axis.indexOf(row));
    return svg`<g class="marker"><line x1=${x} x2=${x} y1="18" y2=${drawing.height}></line>
      <rect x=${x - 8} y="16" width="16" height="15" rx="3"></rect><text x=${x} y="24" text-anchor="middle">${name}</text></g>`;
  }

  #veil(drawing: Drawing, width: number): TemplateResult | typeof nothing {
    const sweep = this.#sweep;
    if (!sweep) return nothing;
    const still = reducedMotion();
    const x = MARGIN + (still ? this.#eventFrom(sweep.at) : sweep.at) * this.#scale;
    const dots = this.playing && !still ? dotsAt(drawing, x) : [];
    return svg`
      <rect class="veil ${this.#fresh ? "" : "thin"}" x=${x} y="0" width=${Math.max(0, width - x)} height=${drawing.height}></rect>
      <line class="now" x1=${x} x2=${x} y1="16" y2=${drawing.height}></line>
      ${dots.map((dot) => svg`<circle class="dot" cx=${dot.x} cy=${dot.y} r="5"></circle>`)}`;
  }

  /** Position of the first event at or behind this one: the cursor jumps there where gliding is not wanted. */
  #eventFrom(position: number): number {
    const axis = this.#axis;
    return axis ? axis.at(Math.min(axis.firstFrom(position), axis.length - 1)) : position;
  }

  #start(sweep: Sweep): void {
    this.#sweep = sweep;
    if (this.#frame === 0) {
      this.#lastFrame = performance.now();
      this.#frame = requestAnimationFrame(this.#onFrame);
      this.#changed();
    }
  }

  #stop(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#sweep = null;
    this.#fresh = false;
  }

  readonly #onFrame = (now: number): void => {
    const done = this.#sweep?.advance(now - this.#lastFrame, this.#axis?.end ?? 0) ?? true;
    this.#lastFrame = now;
    this.#frame = 0;
    if (done) this.#stop();
    else this.#frame = requestAnimationFrame(this.#onFrame);
    this.#follow();
    this.dispatchEvent(new Event("dd-moment", { bubbles: true, composed: true }));
    if (done) this.#changed();
    else if (this.#far !== null) this.#repaint();
    else this.requestUpdate();
  };

  /** Keeps the cursor in the seen part. */
  #follow(): void {
    const scroller = this.#scroller;
    if (!scroller || !this.#sweep || (this.#fresh && this.#moved)) return;
    const x = MARGIN + this.#sweep.at * this.#scale;
    const room = this.#room();
    if (x > scroller.scrollLeft + room * 0.8 || x < scroller.scrollLeft) scroller.scrollLeft = x - room * 0.5;
  }

  /** Puts the cursor behind the run's index-th event, and selects it. */
  goTo(index: number): void {
    const axis = this.#axis;
    if (!axis) return;
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#fresh = false;
    this.#moved = true;
    this.#sweep = index >= axis.length - 1 ? null : Sweep.replay(axis.at(index), axis.end, axis.length, 1);
    this.#select(axis.rowAt(index));
    this.#show(xOf(axis, this.#scale, index));
    this.#changed();
  }

  #show(x: number): void {
    const scroller = this.#scroller;
    if (!scroller) return;
    const room = this.#room();
    const hidden = x < scroller.scrollLeft + 30 || x > scroller.scrollLeft + room - 60;
    if (hidden) scroller.scrollTo({ left: x - room / 2, behavior: gliding() });
  }

  #select(row: number): void {
    this.dispatchEvent(new CustomEvent<number>("dd-select", { detail: row, bubbles: true, composed: true }));
  }

  #changed(): void {
    this.requestUpdate();
    this.dispatchEvent(new Event("dd-playing", { bubbles: true, composed: true }));
  }

  readonly #onScroll = (): void => {
    const { scrollLeft: left = 0, scrollTop: top = 0 } = this.#scroller ?? {};
    this.#lookRight();
    if (this.#far !== null && (left !== this.#painted.left || top !== this.#painted.top)) this.#repaint();
    else if (this.#far !== null) return;
    else if (Math.round(left / LABEL_STEP) !== this.#labelsAt) this.requestUpdate();
  };

  #lookRight(): void {
    const scroller = this.#scroller;
    const hidden = scroller ? scroller.scrollWidth - scroller.clientWidth - scroller.scrollLeft : 0;
    if (this.#more === hidden > 4) return;
    this.#more = hidden > 4;
    this.requestUpdate();
  }

  readonly #onFinger = (event: PointerEvent): void => {
    this.#moved = true;
    if (event.pointerType === "touch") this.#pinch.down(event.pointerId, event);
  };

  readonly #onFingerGone = ({ pointerId }: PointerEvent): void => this.#pinch.up(pointerId);

  readonly #onPinch = (event: PointerEvent): void => {
    const pinched = this.#pinch.move(event.pointerId, event);
    if (pinched) this.zoom(pinched.by, this.#inView(pinched.x));
  };

  /** Pixels from the left edge of the seen part. */
  #inView(clientX: number): number {
    return clientX - this.getBoundingClientRect().left - this.#gutter;
  }

  readonly #onward = (): void => {
    this.#moved = true;
    const scroller = this.#scroller;
    scroller?.scrollBy({ left: this.#room() * 0.8, behavior: gliding() });
  };

  readonly #onWheel = (event: WheelEvent): void => {
    if (event.deltaX !== 0 || event.shiftKey) this.#moved = true;
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoom(2 ** (-event.deltaY / WHEEL_DOUBLES), this.#inView(event.clientX));
  };

  readonly #onFarClick = (event: MouseEvent): void => {
    const row = this.#farCanvas.eventAt(event.offsetX - this.#gutter, event.offsetY);
    if (row !== null) this.#select(row);
  };

  readonly #onClick = (event: Event): void => {
    const row = event.target instanceof Element ? event.target.getAttribute("data-row") : null;
    if (row !== null) this.#select(Number(row));
  };
}

const NO_LANES: Lanes = { all: [], processes: new Map(), links: new Map(), height: 0 };
/** Higher pictures scroll inside of their own frame, in pixels. */
const TALL = 1100;
const FAR_HEIGHT = 640;

function laneName(lane: Lane, pinned: boolean): TemplateResult {
  const place = `top: ${lane.y}px; height: ${lane.height}px`;
  return html`<div class="lane ${lane.kind} ${pinned ? "pinned" : ""}" .style=${place}><b>${lane.title}</b><span>${pinned ? "pinned, " : ""}${lane.subtitle}</span></div>`;
}

function tick(height: number): (tick: { x: number; text: string }) => TemplateResult {
  return ({ x, text }) =>
    svg`<line class="tick" x1=${x} x2=${x} y1="18" y2=${height}></line><text class="time" x=${x} y="9" text-anchor="middle">${text}</text>`;
}

function resize(element: HTMLElement, width: number, height: number): void {
  element.style.width = `${Math.ceil(width)}px`;
  element.style.height = `${Math.ceil(height)}px`;
}

function gliding(): ScrollBehavior {
  return reducedMotion() ? "instant" : "smooth";
}

function reducedMotion(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

customElements.define("dd-flow-picture", FlowPicture);
