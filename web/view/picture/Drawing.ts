// SPDX-License-Identifier: MIT
// What the layout hands to a renderer: shapes in pixels, nothing of the DOM. The SVG renderer draws them
// today; a canvas or an exporter may draw the same list.

import type { MarkName } from "./Marks.ts";

/** What a shape stands for; the style sheet gives each its look. */
export type Role =
  | "life"
  | "birth"
  | "call"
  | "wait"
  | "handler"
  | "item"
  | "birth-of-item"
  | "write"
  | "read"
  | "bounce"
  | "nothing"
  | "wake"
  | "open"
  | "depth"
  | "bytes"
  | "limit"
  /** Not to scale. */
  | "far-limit"
  | "gap"
  | "mark"
  | "note"
  | "result"
  | "trouble"
  | "payload"
  | "call-name"
  | "depth-note"
  | "time";

interface Of {
  readonly role: Role;
  /** Row of the event that a click on the shape selects. */
  readonly row?: number;
  /** Number of the item the shape belongs to. */
  readonly item?: number;
}

export interface Box extends Of {
  readonly shape: "box";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The right end is where it ended; false: it goes on. */
  readonly open?: boolean;
}

export interface Stroke extends Of {
  readonly shape: "stroke";
  readonly x: number;
  readonly from: number;
  readonly to: number;
  readonly arrow: boolean;
}

export interface Path extends Of {
  readonly shape: "path";
  readonly d: string;
}

export interface Mark extends Of {
  readonly shape: "mark";
  readonly mark: MarkName;
  readonly x: number;
  readonly y: number;
}

export interface Text extends Of {
  readonly shape: "text";
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly anchor: "start" | "middle" | "end";
}

export type Shape = Box | Stroke | Path | Mark | Text;

export interface Lane {
  readonly kind: "process" | "link";
  readonly key: string;
  readonly title: string;
  readonly subtitle: string;
  readonly y: number;
  readonly height: number;
}

export interface Tick {
  readonly x: number;
  readonly text: string;
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly lanes: readonly Lane[];
  readonly shapes: readonly Shape[];
  readonly ticks: readonly Tick[];
}
