// SPDX-License-Identifier: MIT
// Which part of the picture is in sight, and how large. The browser scrolls; where the picture shall stand somewhere
// else, as after zooming, it does so at once, and the scroller follows when `settle` is called.

import type { Axis } from "../../flow/Axis.ts";
import type { Run } from "../../flow/Lives.ts";
import { fittingScale, MARGIN, widthOf, xOf } from "./Layout.ts";

/** The first and the last event in sight, by their place in the run. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Browsers lay nothing out beyond some 17 million pixels. */
const WIDTH_MAX = 16e6;
const ROOM_MIN = 200;
const GUTTER = 132;
/** An event nearer to an edge than this is brought further in, in pixels. */
const EDGE = { left: 30, right: 60 };

export class Viewport {
  /** Pixels per unit of the axis. */
  scale = 0;
  /** Pixels of the names of the lanes, left of what is in sight; 0 until it is measured. */
  gutter = 0;
  /** True once the person looks where he likes; until then the picture chooses its place by itself. */
  moved = false;
  readonly #host: HTMLElement;
  /** Pixels of the whole element, 0 until it is measured, and of the vertical scroll bar that this run has had. */
  #width = 0;
  #bar = 0;
  #zoomed = false;
  /** True when even an illegible whole was asked for. */
  #whole = false;
  /** The scale at which all of a growing log should fit; 0: not guessed yet. */
  #guess = 0;
  /** Where the picture stands while its scroller does not, and where that stood; null: where the scroller stands. */
  #aim: number | null = null;
  #stood = 0;

  constructor(host: HTMLElement) {
    this.#host = host;
  }

  /** Null as long as nothing is rendered. */
  get scroller(): Element | null {
    return this.#host.shadowRoot?.querySelector(".scroller") ?? null;
  }

  /** For another run. */
  begin(whole: boolean): void {
    this.#zoomed = false;
    this.#whole = whole;
    this.#guess = 0;
    this.moved = false;
    this.#aim = null;
    this.#bar = 0;
  }

  /** Once for each size: to ask each frame would cost a layout each frame. */
  measure(): void {
    this.#width = this.#host.clientWidth;
    this.gutter = Number.parseInt(getComputedStyle(this.#host).getPropertyValue("--gutter"), 10) || GUTTER;
  }

  get measured(): boolean {
    return this.#width > 0;
  }

  /** Pixels for the picture beside the names of its lanes. */
  get room(): number {
    return Math.max(ROOM_MIN, this.#width - this.#bar - this.gutter);
  }

  get left(): number {
    return this.#aim ?? this.scroller?.scrollLeft ?? 0;
  }

  get top(): number {
    return this.scroller?.scrollTop ?? 0;
  }

  /** Pixels of the picture to the right of what is in sight. */
  get hidden(): number {
    const { scroller } = this;
    return scroller ? scroller.scrollWidth - scroller.clientWidth - scroller.scrollLeft : 0;
  }

  /** Unless somebody has zoomed. A log that grows to `growing` events fills its room from the left, at one scale. */
  fit(axis: Axis, growing: number): void {
    if (this.#zoomed) return;
    this.scale = this.#fitting(axis, growing);
    // It may end before the place where the scroller still stands.
    if (this.left > this.#most(axis)) this.#aimAt(axis, this.left);
  }

  #fitting(axis: Axis, growing: number): number {
    if (growing === 0) return fittingScale(axis, this.room, this.#whole);
    const room = fittingScale(axis, this.room, true) * axis.end;
    if (this.#guess === 0 || this.#guess * axis.end > room)
      this.#guess = (room / axis.end) * Math.min(1, axis.length / growing);
    return this.#guess;
  }

  /** The place at which the picture's end is in sight. */
  #most(axis: Axis): number {
    return Math.max(0, widthOf(axis, this.scale) - this.room);
  }

  /** All of it, at any price. */
  fitWhole(): void {
    this.#zoomed = false;
    this.#whole = true;
  }

  /** Indices of the first and the last event between two places of the picture, by default those in sight. */
  indices(axis: Axis, from = this.left, to = from + this.room): readonly [number, number] {
    const index = (x: number) =>
      Math.max(0, Math.min(axis.firstFrom((x - MARGIN) / this.scale), axis.length - 1));
    return [index(from), index(to)];
  }

  /** Null as long as nobody has zoomed. */
  range(axis: Axis): Range | null {
    if (!this.#zoomed) return null;
    const [from, to] = this.indices(axis);
    return { from, to };
  }

  show(axis: Axis, { from, to }: Range): void {
    const place = (index: number) => axis.at(Math.min(Math.max(0, index), axis.length - 1));
    const units = Math.max(place(to) - place(from), 1e-6);
    this.#scaleTo(axis, (this.room - 2 * MARGIN) / units);
    this.#aimAt(axis, place(from) * this.scale);
  }

  /** What lies `at` pixels from the left edge of what is in sight stays there. */
  zoom(axis: Axis, by: number, at: number): void {
    const place = (this.left + at - MARGIN) / this.scale;
    this.#scaleTo(axis, this.scale * by);
    this.#aimAt(axis, MARGIN + place * this.scale - at);
  }

  pan(axis: Axis, by: number): void {
    this.moved = true;
    if (this.#aim === null) this.scroller?.scrollBy({ left: by });
    else this.#aimAt(axis, this.#aim + by);
  }

  /** Brings an event into sight, unless it is. */
  reveal(axis: Axis, index: number, behavior: ScrollBehavior): void {
    const x = xOf(axis, this.scale, index);
    const { left, room } = this;
    if (x >= left + EDGE.left && x <= left + room - EDGE.right) return;
    if (this.#aim === null) this.scroller?.scrollTo({ left: x - room / 2, behavior });
    else this.#aimAt(axis, x - room / 2);
  }

  /** Keeps a cursor in the seen part. */
  follow(axis: Axis, cursor: number): void {
    const x = MARGIN + cursor * this.scale;
    const { left, room } = this;
    if (x >= left && x <= left + room * 0.8) return;
    const settled = this.#aim === null;
    this.#aimAt(axis, x - room * 0.5);
    if (settled) this.settle();
  }

  /** Where nobody has moved it, it stands at the end of a run that goes on, at the beginning of one that is over. */
  stand({ alive }: Run, behavior: ScrollBehavior): void {
    const { scroller } = this;
    if (!scroller || this.moved) return;
    if (alive > 0 && this.hidden > MARGIN) scroller.scrollLeft = scroller.scrollWidth;
    if (alive === 0 && scroller.scrollLeft > 0) scroller.scrollTo({ left: 0, behavior });
  }

  /**
   * The picture has the width that it was zoomed to: the scroller can stand where the picture does. True when there is
   * less room now, because a scroll bar has come. Its room is kept when it goes: with that much more in sight, there might
   * be a lane more, and the bar again, for ever.
   */
  settle(): boolean {
    const { scroller } = this;
    if (scroller && this.#aim !== null) scroller.scrollLeft = this.#aim;
    this.#aim = null;
    const bar = scroller instanceof HTMLElement ? scroller.offsetWidth - scroller.clientWidth : 0;
    if (bar <= this.#bar) return false;
    this.#bar = bar;
    return true;
  }

  /** Somebody has scrolled. Before the scroller has followed, he does so from what he sees. */
  scrolled(axis: Axis): void {
    const now = this.scroller?.scrollLeft ?? 0;
    if (this.#aim !== null) this.#aimAt(axis, this.#aim + now - this.#stood);
    this.#stood = now;
  }

  #scaleTo(axis: Axis, scale: number): void {
    this.#zoomed = true;
    this.moved = true;
    this.scale = Math.min(scale, WIDTH_MAX / Math.max(axis.end, 1e-6));
  }

  #aimAt(axis: Axis, left: number): void {
    if (this.#aim === null) this.#stood = this.scroller?.scrollLeft ?? 0;
    this.#aim = Math.max(0, Math.min(left, this.#most(axis)));
  }
}
