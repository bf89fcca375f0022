// SPDX-License-Identifier: MIT
// What the page has, for those who act on it.

import type { FilterBar } from "../view/filter/FilterBar.ts";
import type { Palette } from "../view/palette/Palette.ts";
import type { FlowPanel } from "../view/panel/FlowPanel.ts";
import type { Keyboard } from "./Keyboard.ts";
import type { Lab } from "./Lab.ts";
import type { Looking } from "./Looking.ts";

export type Tab = "inspector" | "events" | "compare" | "console";

export interface Stage {
  readonly lab: Lab | null;
  readonly looking: Looking;
  readonly keyboard: Keyboard;
  readonly palette: Palette | null;
  readonly filterBar: FilterBar | null;
  readonly panel: FlowPanel | null;
  openTab(tab: Tab): void;
  /** Resolves when what is known by now is in the picture. */
  drawn(): Promise<void>;
}
