// SPDX-License-Identifier: MIT
// <dd-flow-picture>: one run as a picture. The drawing is scrolled by the browser's own means and drawn for
// the part that is seen; a veil over what lies after the cursor makes it move without drawing anything anew.
// As long as there is room for words it is SVG; where more events are in sight, a canvas that is painted each frame.

import { html, LitElement, nothing, type PropertyValues, svg, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { Axis, type AxisKind } from "../../flow/Axis.ts";
import type { Flow } from "../../flow/Flow.ts";
import { type Run, WHOLE } from "../../flow/Lives.ts";
import type { Drawing } from "./Drawing.ts";
import { flowPictureStyle } from "./FlowPicture.style.ts";
import { FarCanvas } from "./far/FarCanvas.ts";
import { Painting } from "./far/Painting.ts";
import { inkSamples, type Palette, readPalette } from "./far/Palette.ts";
import type { Lanes } from "./Lanes.ts";
import { MARGIN, widthOf, xOf } from "./Layout.ts";
import { gliding, reducedMotion } from "./motionWanted.ts";
import { NearDrawing } from "./NearDrawing.ts";
import { choice, laneName, marker, tick, veil } from "./nearTemplates.ts";
import { Pinch } from "./Pinch.ts";
import { Replay } from "./Replay.ts";
import { LanePlan } from "./Stack.ts";
import { pictureSummary } from "./Summary.ts";
import { drawn, type RowSet } from "./shapes.ts";
import { type Range, Viewport } from "./Viewport.ts";

/** A moment that a person has marked, or that something is worth a look at. */
export interface Marker {
  /** One letter or sign. */
  readonly name: string;
  readonly row: number;
}

/** Pixels of the wheel that double the scale. */
const WHEEL_DOUBLES = 260;
/** With more events in sight there is no room for words. */
const NEAR_MAX = 400;
/** What painting from afar takes of a frame: a third. */
const SLICE_MS = 5;
/** While a log is read: most of the time is the reading's, a key waits for the slice that runs, and the picture follows. */
const GROWING_REST_MS = 40;
const GROWING_SLICE_MS = 3;
/** After zooming from afar, before the surface gets its size, and the scroller its place: a layout and a paint. */
const ZOOM_REST_MS = 100;
/** Higher pictures scroll inside of their own frame, in pixels. */
const TALL = 1100;
/** How much of what is in sight a person goes on by. */
const ONWARD = 0.8;

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
  #plan: LanePlan | null = null;
  readonly #viewport = new Viewport(this);
  readonly #near = new NearDrawing();
  /** The height of all lanes of the canvas; null while the picture is SVG. */
  #far: number | null = null;
  readonly #farCanvas = new FarCanvas(() => (this.growing === 0 ? SLICE_MS : GROWING_SLICE_MS));
  readonly #painting = new Painting(
    { anew: () => this.#paintAnew(), goOn: () => this.#farCanvas.goOn() },
    () => (this.growing === 0 ? 0 : GROWING_REST_MS),
  );
  #palette: Palette | null = null;
  /** Where the canvas shows the picture. */
  #painted = { left: 0, top: 0 };
  /** Settles what was zoomed from afar. */
  #settling = 0;
  readonly #replay = new Replay(
    () => this.#axis,
    () => this.#onCursor(),
  );
  readonly #pinch = new Pinch();
  #more = false;
  readonly #sizes = new ResizeObserver(() => {
    this.#viewport.measure();
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
    if (this.#replay.fresh) this.#replay.stop();
    else this.#replay.pause();
    this.#painting.stop();
    clearTimeout(this.#settling);
  }

  get playing(): boolean {
    return this.#replay.playing;
  }

  /** Plays the run again from its beginning, or goes on from where the cursor was stopped. */
  play(): void {
    const axis = this.#axis;
    if (!axis || axis.length < 2) return;
    this.#replay.play(axis, this.speed);
    this.#changed();
  }

  pause(): void {
    this.#replay.pause();
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

  /** Puts the cursor behind the run's index-th event, and selects it. */
  goTo(index: number): void {
    const axis = this.#axis;
    if (!axis) return;
    this.#viewport.moved = true;
    this.#replay.standBehind(axis, index);
    this.#select(axis.rowAt(index));
    this.#reveal(axis, index);
    this.#changed();
  }

  #reveal(axis: Axis, index: number): void {
    this.#viewport.reveal(axis, index, gliding());
    if (this.#far !== null) this.#painting.soon();
  }

  pan(by: number): void {
    if (this.#axis) this.#viewport.pan(this.#axis, by);
    if (this.#far !== null) this.#painting.soon();
  }

  /** Brings an event into sight, unless it is. */
  reveal(row: number): void {
    const axis = this.#axis;
    if (!axis || !this.#shows(row)) return;
    this.#viewport.moved = true;
    this.#reveal(axis, axis.indexOf(row));
  }

  /** Pins the lane of the event's link, or of its process, above all others; pinned ones go back to their place. */
  pin(row: number, which: "link" | "process"): void {
    const life = which === "link" ? this.flow?.linkOf(row) : this.flow?.processOf(row);
    const pinned = this.#plan?.pinned;
    if (!life || !pinned) return;
    if (!pinned.delete(life)) pinned.add(life);
    this.#near.forget();
    this.requestUpdate();
  }

  /** Where the cursor stands, by the place of its event in the run; null: at the end. */
  get moment(): number | null {
    return this.#replay.moment;
  }

  /** Null as long as nobody has zoomed. */
  get range(): Range | null {
    return this.#axis && this.#viewport.range(this.#axis);
  }

  showRange(range: Range): void {
    if (!this.#axis?.length || !this.#viewport.measured) return;
    this.#viewport.show(this.#axis, range);
    this.requestUpdate();
  }

  /** What lies `at` pixels from the left edge of the seen part stays there. */
  zoom(by: number, at = this.#viewport.room / 2): void {
    if (!this.#axis || !this.#viewport.measured) return;
    this.#viewport.zoom(this.#axis, by, at);
    if (this.#far === null) {
      this.requestUpdate();
      return;
    }
    clearTimeout(this.#settling);
    this.#settling = window.setTimeout(() => this.#rest(), ZOOM_REST_MS);
    this.#painting.soon();
  }

  fit(): void {
    this.#viewport.fitWhole();
    this.requestUpdate();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { flow, run } = this;
    if (!flow || !run) return;
    if (!this.#viewport.measured) this.#viewport.measure();
    const other = changed.has("run") || changed.has("kind") || changed.has("flow");
    const before = other ? 0 : (this.#axis?.end ?? 0);
    if (other || !this.#axis) this.#axis = new Axis(this.kind, flow, run);
    else this.#axis.update();
    if (other || !this.#plan) this.#plan = new LanePlan(flow, run);
    if (other) this.#begin(run);
    this.#sweepIn(changed, before, this.#axis);
    // While it is hidden it has no room; it is told when it gets some.
    if (this.#viewport.measured) this.#draw(flow, run, this.#axis, this.#plan);
  }

  #begin(run: Run): void {
    this.#viewport.begin(run.ordinal === WHOLE);
    this.#far = null;
    this.#replay.stop();
  }

  /** A live run's new events are swept in; one that ended before is simply there. */
  #sweepIn(changed: PropertyValues<this>, before: number, axis: Axis): void {
    const live = changed.has("version") && !changed.has("kind") && this.#far === null;
    if (!live || axis.end <= before || this.kind === "time" || reducedMotion()) return;
    const { playing } = this.#replay;
    this.#replay.reveal(axis, before);
    if (!playing) this.#changed();
  }

  #draw(flow: Flow, run: Run, axis: Axis, plan: LanePlan): void {
    const { version } = this;
    const viewport = this.#viewport;
    viewport.fit(axis, this.growing);
    const near = this.#isNear(axis);
    this.#far = near ? null : plan.height("far");
    if (near) this.#near.update({ flow, version, run, axis, plan, viewport });
    else if (this.#replay.fresh) this.#replay.stop();
  }

  #isNear(axis: Axis): boolean {
    const [first, last] = this.#viewport.indices(axis);
    return this.growing === 0 && last - first <= NEAR_MAX;
  }

  #shows(row: number): boolean {
    return this.flow !== null && this.run !== null && this.flow.isIn(row, this.run);
  }

  protected override updated(changed: PropertyValues<this>): void {
    this.#settle();
    if (this.run && this.#replay.cursor === null) this.#viewport.stand(this.run, gliding());
    this.#lookRight();
    if (this.#far === null) return;
    this.#palette = readPalette(this.renderRoot);
    // A part of a log comes between two keys, and to make the page anew takes its share of that time: painted later.
    if (this.growing > 0 || changed.has("growing")) this.#painting.soon();
    else this.#painting.now();
  }

  /** From afar, the surface gets its size: a layout, and no rendering. Then the scroller stands where the picture does. */
  #settle(): void {
    clearTimeout(this.#settling);
    const [axis, far, viewport] = [this.#axis, this.#far, this.#viewport];
    const { scroller } = viewport;
    const [surface, canvas] = [
      this.renderRoot.querySelector(".far"),
      this.renderRoot.querySelector("canvas"),
    ];
    if (axis && far !== null && surface instanceof HTMLElement && scroller && canvas) {
      resize(surface, widthOf(axis, viewport.scale) + viewport.gutter, far);
      resize(canvas, scroller.clientWidth, scroller.clientHeight);
    }
    if (viewport.settle()) this.requestUpdate();
  }

  /** Nobody zooms any more. */
  #rest(): void {
    this.#settle();
    this.#lookRight();
  }

  /** The canvas shows another part: by itself or, where there is room for words again, as a whole. */
  #paintAnew(): boolean {
    const [axis, plan] = [this.#axis, this.#plan];
    if (!axis || !plan || !this.#viewport.measured) return true;
    if (this.#isNear(axis)) {
      this.requestUpdate();
      return true;
    }
    const height = plan.height("far");
    const taller = height !== this.#far;
    this.#far = height;
    if (taller) this.#settle();
    return this.#paint(axis, plan);
  }

  /** False when there is more to paint than one frame has time for. */
  #paint(axis: Axis, plan: LanePlan): boolean {
    const { flow, run, selected, matching, markers } = this;
    const canvas = this.renderRoot.querySelector("canvas");
    const { scroller, left, top, gutter, scale } = this.#viewport;
    if (!flow || !run || !this.#palette || !scroller || !canvas) return true;
    this.#painted = { left, top };
    const place = { left, top, width: scroller.clientWidth - gutter, height: scroller.clientHeight };
    const lanesBetween = (from: number, to: number): Lanes => plan.lanes("far", from, to);
    const sight = { flow, run, axis, lanesBetween, pinned: plan.pinnedKeys, scale, ...place };
    const item = selected === null ? null : flow.itemNumberOf(selected);
    const emphasis = { selected, item, matching, markers, cursor: this.#replay.cursor };
    return this.#farCanvas.paint(canvas, sight, gutter, this.#palette, emphasis);
  }

  protected override render(): TemplateResult {
    const { flow, run } = this;
    const [axis, drawing] = [this.#axis, this.#near.drawing];
    if (run && this.#far !== null) return this.#renderFar(run);
    if (flow && run && axis && drawing) return this.#renderNear(flow, run, axis, drawing);
    return html`<slot></slot>`;
  }

  #renderNear(flow: Flow, run: Run, axis: Axis, drawing: Drawing): TemplateResult {
    const { room, scale } = this.#viewport;
    const { height, lanes, ticks, shapes } = drawing;
    const width = Math.max(drawing.width, room - 2);
    const row = this.selected;
    const item = row === null ? null : (flow.itemOf(row)?.number ?? null);
    const xOfShown = (shown: number | null) =>
      shown !== null && this.#shows(shown) ? xOf(axis, scale, axis.indexOf(shown)) : null;
    const chosen = xOfShown(row);
    return this.#frameOf(
      run,
      height > TALL,
      html`
        <div class="gutter" .style=${`height: ${height}px`}>${lanes.map((lane) => laneName(lane, this.#plan?.isPinned(lane) ?? false))}</div>
        <div class="canvas">
          <svg width=${width} height=${height} aria-hidden="true" @click=${this.#onClick}>
            ${guard([drawing, row, this.matching], () => [
              ...ticks.map((one) => tick(one, height)),
              ...drawn(shapes, { row, item }, this.matching),
              chosen === null ? svg`` : choice(chosen, height),
            ])}
            ${this.#veil(axis, drawing, width)}
            ${this.markers.map((one) => {
              const x = xOfShown(one.row);
              return x === null ? svg`` : marker(one.name, x, height);
            })}
          </svg>
        </div>`,
    );
  }

  /** Where gliding is not wanted, the cursor jumps from event to event. */
  #veil(axis: Axis, drawing: Drawing, width: number): TemplateResult | typeof nothing {
    const { cursor, fresh, playing } = this.#replay;
    if (cursor === null) return nothing;
    const still = reducedMotion();
    const at = still ? axis.at(Math.min(axis.firstFrom(cursor), axis.length - 1)) : cursor;
    const x = MARGIN + at * this.#viewport.scale;
    return veil(drawing, { x, width, fresh, gliding: playing && !still });
  }

  #renderFar(run: Run): TemplateResult {
    return this.#frameOf(
      run,
      true,
      html`<div class="far"></div>${inkSamples()}`,
      html`<canvas aria-hidden="true"></canvas>`,
    );
  }

  /** `under` shines through the scroller and does not scroll. */
  #frameOf(
    run: Run,
    tall: boolean,
    content: TemplateResult,
    under: TemplateResult | null = null,
  ): TemplateResult {
    return html`<div class=${this.#more ? "more" : ""}>
      <div class="scroller ${tall ? "tall" : ""} ${under ? "from-afar" : ""}" role="application" tabindex="0" aria-roledescription="flow picture"
        aria-label=${pictureSummary(run)} aria-description="Left and right arrow keys step through the events, space plays them again, question mark shows all keys."
        @scroll=${this.#onScroll} @wheel=${this.#onWheel} @pointerdown=${this.#onFinger} @pointermove=${this.#onPinch}
        @pointerup=${this.#onFingerGone} @pointercancel=${this.#onFingerGone} @click=${this.#onFarClick}>${content}</div>${under}
      ${this.#more && !this.playing ? html`<button type="button" class="onward" @click=${this.#onward}>goes on →</button>` : nothing}
    </div>`;
  }

  #onCursor(): void {
    const { cursor, fresh, playing } = this.#replay;
    const viewport = this.#viewport;
    if (this.#axis && cursor !== null && !(fresh && viewport.moved)) viewport.follow(this.#axis, cursor);
    this.dispatchEvent(new Event("dd-moment", { bubbles: true, composed: true }));
    if (!playing) this.#changed();
    else if (this.#far !== null) this.#painting.soon();
    else this.requestUpdate();
  }

  #select(row: number): void {
    this.dispatchEvent(new CustomEvent<number>("dd-select", { detail: row, bubbles: true, composed: true }));
  }

  #changed(): void {
    this.requestUpdate();
    this.dispatchEvent(new Event("dd-playing", { bubbles: true, composed: true }));
  }

  readonly #onScroll = (): void => {
    if (!this.#axis) return;
    this.#viewport.scrolled(this.#axis);
    this.#lookRight();
    const { left, top } = this.#viewport;
    if (this.#far === null && this.#near.isBehind(this.#viewport)) this.requestUpdate();
    // A scroller stands on whole pixels of the screen.
    const moved = Math.max(Math.abs(left - this.#painted.left), Math.abs(top - this.#painted.top));
    if (this.#far !== null && moved >= 1) this.#painting.soon();
  };

  #lookRight(): void {
    const more = this.#viewport.hidden > 4;
    if (this.#more === more) return;
    this.#more = more;
    this.requestUpdate();
  }

  readonly #onFinger = (event: PointerEvent): void => {
    this.#viewport.moved = true;
    if (event.pointerType === "touch") this.#pinch.down(event.pointerId, event);
  };

  readonly #onFingerGone = ({ pointerId }: PointerEvent): void => this.#pinch.up(pointerId);

  readonly #onPinch = (event: PointerEvent): void => {
    const pinched = this.#pinch.move(event.pointerId, event);
    if (pinched) this.zoom(pinched.by, this.#placeOf({ clientX: pinched.x, clientY: 0 }).x);
  };

  /** Pixels from the left upper corner of the seen part. */
  #placeOf(point: Pick<MouseEvent, "clientX" | "clientY">): { readonly x: number; readonly y: number } {
    const { left, top } = (this.#viewport.scroller ?? this).getBoundingClientRect();
    return { x: point.clientX - left - this.#viewport.gutter, y: point.clientY - top };
  }

  readonly #onward = (): void => {
    this.#viewport.moved = true;
    this.#viewport.scroller?.scrollBy({ left: this.#viewport.room * ONWARD, behavior: gliding() });
  };

  readonly #onWheel = (event: WheelEvent): void => {
    if (event.deltaX !== 0 || event.shiftKey) this.#viewport.moved = true;
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoom(2 ** (-event.deltaY / WHEEL_DOUBLES), this.#placeOf(event).x);
  };

  readonly #onFarClick = (event: MouseEvent): void => {
    if (this.#far === null) return;
    const { x, y } = this.#placeOf(event);
    const row = this.#farCanvas.eventAt(x, y);
    if (row !== null) this.#select(row);
  };

  readonly #onClick = (event: Event): void => {
    const row = event.target instanceof Element ? event.target.getAttribute("data-row") : null;
    if (row !== null) this.#select(Number(row));
  };
}

function resize(element: HTMLElement, width: number, height: number): void {
  element.style.width = `${Math.ceil(width)}px`;
  element.style.height = `${Math.ceil(height)}px`;
}

customElements.define("dd-flow-picture", FlowPicture);
