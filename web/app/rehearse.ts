// SPDX-License-Identifier: MIT
// Draws a picture that nobody sees while the guest is being restored: then the first one that somebody waits for finds
// its code compiled, its templates parsed and its styles made.

import type { KernelEvent, KernelEventType } from "../bridge/KernelEvent.ts";
import { Flow } from "../flow/Flow.ts";
import { FlowPanel } from "../view/panel/FlowPanel.ts";

const STORY: readonly KernelEventType[] = ["fork", "exec", "create", "enter", "post", "write", "read"];

/** Enough of one to be drawn. */
function event(type: KernelEventType, at: number): KernelEvent {
  const forked = type === "fork";
  const ofLink = at > 1;
  return {
    type,
    flags: 0,
    seq: at,
    timeNs: (at + 1) * 1e5,
    link: ofLink ? 1 : 0,
    item: type === "post" || type === "read" ? 1 : 0,
    result: type === "read" || type === "write" ? 1 : 0,
    value: forked ? 2 : 0,
    len: 1,
    items: type === "read" ? 0 : 1,
    bytes: type === "read" ? 0 : 1,
    pid: forked ? 1 : 2,
    tgid: forked ? 1 : 2,
    comm: "a",
    payload: new Uint8Array(1),
  };
}

/** Resolves when it is over and the picture is gone again. */
export async function rehearse(): Promise<void> {
  await painted();
  const flow = new Flow();
  for (const [at, type] of STORY.entries()) flow.push(event(type, at));
  const panel = new FlowPanel();
  const { runs } = flow;
  Object.assign(panel, { flow, runs, run: runs.at(-1), inert: true });
  Object.assign(panel.style, { position: "fixed", visibility: "hidden", width: "800px", contain: "strict" });
  document.body.append(panel);
  await panel.updateComplete;
  await panel.picture?.updateComplete;
  panel.getBoundingClientRect(); // lays it out
  panel.remove();
}

/** The page itself comes first. */
function painted(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}
