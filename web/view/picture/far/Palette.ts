// SPDX-License-Identifier: MIT
// The colours of the page for a canvas, which does not know style sheets. They are read from hidden elements, because
// a custom property may be written as light-dark(...), which only an element resolves.

import { html, type TemplateResult } from "lit";

export const INKS = [
  ...([
    "surface",
    "line",
    "ink",
    "quiet",
    "process",
    "call",
    "accent",
    "accent-text",
    "accent-soft",
  ] as const),
  ...(["link-lane", "depth", "trouble", "trouble-text"] as const),
] as const;
export type Ink = (typeof INKS)[number];
/** Gives each ink its colour as a canvas takes it. */
export type Palette = (ink: Ink) => string;

/** Where the colours are read from; the style sheet gives `.ink-NAME` the colour var(--NAME). */
export function inkSamples(): TemplateResult {
  return html`<div class="inks" hidden>${INKS.map((ink) => html`<i class="ink-${ink}"></i>`)}</div>`;
}

export function readPalette(root: ParentNode): Palette {
  const colours = new Map<Ink, string>();
  for (const ink of INKS) {
    const sample = root.querySelector(`.ink-${ink}`);
    if (sample) colours.set(ink, getComputedStyle(sample).color);
  }
  return (ink) => colours.get(ink) ?? "gray";
}
