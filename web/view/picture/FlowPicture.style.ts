// SPDX-License-Identifier: MIT
import { css } from "lit";

export const flowPictureStyle = css`
  :host {
    display: block;
    position: relative;
    --gutter: 132px;
  }
  .scroller {
    overflow: auto hidden;
    display: grid;
    grid-template-columns: var(--gutter) auto;
    position: relative;
    border-radius: 0 0 var(--round) var(--round);
    scrollbar-width: thin;
    overscroll-behavior-x: contain;
    /* Two fingers zoom the picture, one scrolls it. */
    touch-action: pan-x pan-y;
  }
  .scroller.tall {
    overflow: auto;
    max-height: 640px;
  }
  /* Over its canvas, which does not scroll: what does has nothing to paint, and its bars are seen. */
  .scroller.from-afar {
    display: block;
    z-index: 1;
  }
  .from-afar + canvas {
    position: absolute;
    left: 0;
    top: 0;
  }
  /* In forced colours the canvas shall get the system colour that each stands for. */
  .inks {
    forced-color-adjust: none;
  }
  .ink-surface {
    color: var(--surface);
  }
  .ink-line {
    color: var(--line);
  }
  .ink-ink {
    color: var(--ink);
  }
  .ink-quiet {
    color: var(--quiet);
  }
  .ink-process {
    color: var(--process);
  }
  .ink-call {
    color: var(--call);
  }
  .ink-accent {
    color: var(--accent);
  }
  .ink-accent-text {
    color: var(--accent-text);
  }
  .ink-accent-soft {
    color: var(--accent-soft);
  }
  .ink-link-lane {
    color: var(--link-lane);
  }
  .ink-depth {
    color: var(--depth);
  }
  .ink-trouble {
    color: var(--trouble);
  }
  .ink-trouble-text {
    color: var(--trouble-text);
  }
  /* More of the run lies to the right. */
  .more::after {
    content: "";
    position: absolute;
    inset: 0 0 0 auto;
    width: 36px;
    pointer-events: none;
    background: linear-gradient(to right, transparent, var(--surface));
  }
  .onward {
    position: absolute;
    top: 0;
    right: 6px;
    z-index: 1;
    min-height: 24px;
    padding: 0 8px;
    font: inherit;
    font-size: 12px;
    color: var(--accent-text);
    background: var(--surface);
    border: 1px solid var(--edge);
    border-radius: 0 0 6px 6px;
    border-top: 0;
    cursor: pointer;
  }
  .onward:focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: -2px;
  }
  .scroller:focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: -2px;
  }
  .gutter {
    position: sticky;
    left: 0;
    z-index: 1;
    background: var(--surface);
    border-right: 1px solid var(--line);
  }
  .lane {
    position: absolute;
    left: 14px;
    right: 6px;
    display: flex;
    flex-direction: column;
    justify-content: center;
    line-height: 1.25;
    overflow: hidden;
  }
  .lane b {
    font-weight: 600;
    white-space: nowrap;
    text-overflow: ellipsis;
    overflow: hidden;
  }
  .lane.pinned {
    border-left: 3px solid var(--accent);
    margin-left: -9px;
    padding-left: 6px;
  }
  .lane.link b {
    color: var(--accent-text);
  }
  .lane span {
    color: var(--quiet);
    font-size: 11.5px;
  }
  .canvas {
    position: relative;
  }
  svg {
    display: block;
    font: 11.5px/1 var(--sans);
    fill: var(--ink);
    cursor: default;
    user-select: none;
  }
  text {
    dominant-baseline: central;
  }
  rect[data-row],
  path[data-row],
  text[data-row] {
    cursor: pointer;
  }
  .stroke,
  .path {
    fill: none;
    stroke-width: 1.6;
    stroke-linejoin: round;
    stroke-linecap: round;
  }
  .tick {
    stroke: var(--line);
  }
  .time {
    fill: var(--quiet);
    font-size: 11px;
    font-variant-numeric: tabular-nums;
  }
  /* Gaps and forks pass through the lane of a link. */
  .depth-note {
    fill: var(--quiet);
    stroke: var(--link-lane);
    stroke-width: 3px;
    stroke-linejoin: round;
    paint-order: stroke;
    font-size: 11px;
    font-variant-numeric: tabular-nums;
  }
  .open {
    fill: var(--link-lane);
  }
  .stroke.open {
    stroke: var(--accent);
    stroke-dasharray: 2 4;
  }
  .life {
    fill: var(--process);
  }
  .birth {
    stroke: var(--process);
    stroke-width: 2.4;
  }
  .call {
    fill: var(--call);
    stroke: var(--process);
    stroke-width: 1.2;
  }
  .wait {
    fill: var(--surface);
    stroke: var(--process);
    stroke-width: 1.2;
    stroke-dasharray: 3 3;
  }
  .call-name,
  .payload {
    font-family: var(--mono);
    font-size: 12px;
    pointer-events: none;
  }
  .handler {
    fill: var(--accent-soft);
  }
  .note {
    fill: var(--quiet);
  }
  .result {
    font-family: var(--mono);
  }
  .item {
    fill: var(--accent);
  }
  .payload {
    fill: var(--on-accent);
    font-weight: 600;
  }
  .birth-of-item {
    stroke: var(--accent);
    stroke-width: 3;
  }
  .write,
  .read {
    stroke: var(--accent);
    stroke-width: 2;
  }
  .bounce {
    stroke: var(--trouble);
    stroke-dasharray: 4 3;
  }
  .nothing {
    stroke: var(--process);
    stroke-dasharray: 4 3;
  }
  .wake {
    stroke: var(--process);
    stroke-dasharray: 1.5 3.5;
  }
  .depth {
    fill: var(--depth);
    stroke: var(--accent);
    stroke-width: 1;
  }
  .bytes {
    stroke: var(--process);
    stroke-width: 1;
    stroke-dasharray: 1 2;
  }
  .limit {
    stroke: var(--trouble);
    stroke-width: 1.2;
    stroke-dasharray: 5 3;
  }
  .far-limit {
    stroke: var(--quiet);
    stroke-width: 1;
    stroke-dasharray: 1 3;
  }
  .path.gap {
    stroke: var(--quiet);
    stroke-width: 1.2;
  }
  text.gap {
    fill: var(--quiet);
    font-style: italic;
  }
  .glyph {
    fill: var(--process);
    stroke: var(--surface);
    stroke-width: 1.4;
    paint-order: stroke;
  }
  .glyph.empty {
    fill: var(--surface);
    stroke: var(--process);
    stroke-width: 2;
  }
  .glyph.waits {
    fill: var(--surface);
    stroke: var(--process);
    stroke-width: 1.4;
  }
  .glyph.create {
    stroke: var(--accent);
    stroke-width: 2.6;
    fill: none;
  }
  .glyph.release,
  .glyph.hangup,
  .glyph.dropped,
  .glyph.lost {
    fill: none;
    stroke: var(--process);
    stroke-width: 2.2;
  }
  .glyph.exit,
  .glyph.exec {
    fill: var(--process);
  }
  .glyph.trouble {
    fill: var(--trouble);
    stroke: var(--surface);
  }
  .glyph.trouble.dropped,
  .glyph.trouble.hangup,
  .glyph.trouble.killed,
  .glyph.trouble.lost {
    fill: none;
    stroke: var(--trouble);
  }
  .stroke.trouble {
    stroke: var(--trouble);
  }
  text.trouble {
    fill: var(--trouble-text);
    font-weight: 600;
  }
  rect.selected,
  rect.related {
    stroke: var(--ink);
    stroke-width: 2;
  }
  rect.open.selected {
    stroke-width: 1;
  }
  .stroke.selected,
  .stroke.related {
    stroke-width: 3.4;
  }
  .glyph.selected {
    stroke: var(--ink);
    stroke-width: 2;
  }
  .dimmed {
    opacity: 0.22;
  }
  .marker {
    pointer-events: none;
  }
  .marker line {
    stroke: var(--ink);
    stroke-width: 1.5;
  }
  .marker rect {
    fill: var(--ink);
  }
  .marker text {
    fill: var(--surface);
    font-size: 11px;
    font-weight: 700;
  }
  .now {
    stroke: var(--accent);
    stroke-width: 1.5;
  }
  .veil {
    fill: var(--surface);
    pointer-events: none;
  }
  .veil.thin {
    opacity: 0.72;
  }
  .dot {
    fill: var(--accent);
    stroke: var(--surface);
    stroke-width: 1.5;
    pointer-events: none;
  }
  .choice {
    stroke: var(--ink);
    stroke-width: 1;
    stroke-dasharray: 2 3;
    opacity: 0.55;
    pointer-events: none;
  }
  @media (max-width: 560px) {
    :host {
      --gutter: 74px;
    }
    .lane {
      left: 8px;
      right: 2px;
      font-size: 12px;
    }
    .lane span {
      font-size: 10.5px;
    }
  }
  @media (forced-colors: active) {
    svg {
      forced-color-adjust: none;
    }
  }
`;
