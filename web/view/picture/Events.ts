// SPDX-License-Identifier: MIT
// What happens at one moment: strokes between lanes, marks and their words. One painter per kind of event.

import type { KernelEvent, KernelEventType } from "../../bridge/KernelEvent.ts";
import { POLLOUT } from "../../flow/Calls.ts";
import { isTrouble, outcomeOf, payloadText, pollWords, resultWords } from "../../flow/Meaning.ts";
import type { Role } from "./Drawing.ts";
import { HANDLER_HEIGHT, type LinkLane, type ProcessLane } from "./Lanes.ts";
import type { Canvas } from "./Layout.ts";
import { cutText, slotY, WORD_ROWS } from "./Lives.ts";
import type { MarkName } from "./Marks.ts";

const CALL_HEIGHT = 22;
/** Pixels below which the beginning of a message tells nothing; its item shows it in any case. */
const MESSAGE_LEAST = 60;

/** One event with all that its painter needs. */
interface Moment {
  readonly canvas: Canvas;
  readonly row: number;
  readonly event: KernelEvent;
  readonly x: number;
  readonly lane: ProcessLane | undefined;
  readonly link: LinkLane | undefined;
}

const PAINTERS: Partial<Record<KernelEventType, (moment: Moment) => void>> = {
  enter: paintEnter,
  write: paintWrite,
  queue: paintQueue,
  post: paintQueue,
  read: paintRead,
  poll: paintPoll,
  wake: paintWake,
  drop: paintOnLink,
  hangup: paintOnLink,
  release: (moment) => markOnLink(moment, "release"),
  create: paintCreate,
  ioctl: (moment) => markWithWords(moment, "ioctl"),
  exec: paintExec,
  exit: paintExit,
  overflow: paintLost,
};

export function paintEvent(canvas: Canvas, row: number): void {
  const event = canvas.flow.event(row);
  const process = canvas.flow.processOf(row);
  const linked = canvas.flow.linkOf(row);
  PAINTERS[event.type]?.({
    canvas,
    row,
    event,
    x: canvas.x(row),
    lane: process ? canvas.lanes.processes.get(process) : undefined,
    link: linked ? canvas.lanes.links.get(linked) : undefined,
  });
}

/** A call as a box on the process line, the handler as a band in the link, a stroke between them. */
function paintEnter(moment: Moment): void {
  const { canvas, row, event, x, lane, link } = moment;
  if (!lane || !link) return;
  const end = canvas.flow.partner(row);
  const width = Math.max(6, (end === null ? canvas.now : canvas.x(end)) - x);
  const y = lane.line - CALL_HEIGHT / 2;
  const open = end === null;
  canvas.add({ shape: "box", role: "call", x, y, width, height: CALL_HEIGHT, row, open });
  const text = callName(event, width - 12);
  canvas.add({ shape: "text", role: "call-name", x: x + 6, y: lane.line, anchor: "start", text, row });
  canvas.add({ shape: "box", role: "handler", x, y: link.handler, width, height: HANDLER_HEIGHT, row, open });
  const label = width < 58 || isRefusedBetween(canvas, link, row, end ?? row) ? "" : "handler";
  const middle = link.handler + HANDLER_HEIGHT / 2;
  canvas.add({ shape: "text", role: "note", x: x + 6, y: middle, anchor: "start", text: label, row });
  stroke(moment, "write", lane.line + side(lane, link) * (CALL_HEIGHT / 2), handlerEdge(lane, link));
}

/** The mark of an item that was refused stands where the word would. */
function isRefusedBetween({ flow }: Canvas, { link }: LinkLane, from: number, to: number): boolean {
  const { events } = link;
  for (let index = events.lowerBound(from); index < events.lowerBound(to); index++)
    if (flow.type(events.at(index)) === "drop") return true;
  return false;
}

/** As much as there is room for: the word "write" and the message, or the message alone. */
function callName({ payload, len }: KernelEvent, room: number): string {
  const message = payload.length > 0 ? payloadText(payload) : `${len} bytes`;
  const names = [`write “${message}”`, `“${message}”`, message];
  const whole = names.find((name) => cutText(name, room) === name);
  return whole ?? (room < MESSAGE_LEAST ? "" : cutText(message, room));
}

function paintWrite(moment: Moment): void {
  const { canvas, row, lane, link, event } = moment;
  if (!lane) return;
  if (canvas.flow.partner(row) === null && link) {
    stroke(moment, event.result < 0 ? "bounce" : "write", lane.line, handlerEdge(lane, link));
  }
  markWithWords(moment, "write");
}

/** The item leaves the handler for its slot. */
function paintQueue({ canvas, row, x, link, event }: Moment): void {
  const item = canvas.flow.itemOf(row);
  if (!link || !item) return;
  const from = link.handler + HANDLER_HEIGHT;
  const to = slotY(link, item);
  canvas.add({ shape: "stroke", role: "birth-of-item", x, from, to, arrow: false, row, item: item.number });
  if (event.type === "post" && item.ahead) {
    canvas.add({ shape: "text", role: "note", x, y: from + 4, anchor: "start", text: "ahead", row });
  }
}

function paintRead(moment: Moment): void {
  const { canvas, row, event, lane, link } = moment;
  if (!lane) return;
  const item = canvas.flow.itemOf(row);
  const near = link ? nearEdge(lane, link) : lane.line;
  const at = link && item ? slotY(link, item) + (link.slotHeight - 4) / 2 : near;
  const home = lane.line + (link ? side(lane, link) * 8 : 0);
  if (event.result > 0) stroke(moment, "read", at, home);
  else stroke(moment, event.result === 0 ? "nothing" : "bounce", home, at);
  markWithWords(moment, "read");
}

function paintPoll(moment: Moment): void {
  const { canvas, row, x, lane } = moment;
  const partner = canvas.flow.partner(row);
  if (!lane) return;
  if (outcomeOf(moment.event) === "waits" && partner !== null && partner > row) {
    const y = lane.line - CALL_HEIGHT / 2;
    const width = Math.max(6, canvas.x(partner) - x);
    canvas.add({ shape: "box", role: "wait", x, y, width, height: CALL_HEIGHT, row });
    const text = waitName(canvas.x(canvas.flow.wakeOf(partner) ?? partner) - x - 20);
    canvas.add({ shape: "text", role: "call-name", x: x + 12, y: lane.line, anchor: "start", text, row });
  }
  markWithWords(moment, "poll");
}

/** Ends before the mark of the wake. */
function waitName(room: number): string {
  return ["waits in poll", "waits"].find((name) => cutText(name, room) === name) ?? "";
}

/** A wake is drawn to each process that it found waiting. */
function paintWake(moment: Moment): void {
  const { canvas, row, x, link } = moment;
  if (!link) return;
  for (const lane of canvas.lanes.processes.values()) {
    if (!wokeBy(canvas, lane, link, row)) continue;
    stroke(moment, "wake", nearEdge(lane, link), lane.line + side(lane, link) * (CALL_HEIGHT / 2));
    canvas.add({ shape: "mark", role: "wake", mark: "wake", x, y: lane.line, row });
  }
}

function wokeBy(canvas: Canvas, lane: ProcessLane, { link }: LinkLane, wake: number): boolean {
  const from = link.events.lowerBound(wake);
  for (let index = from + 1; index < link.events.length; index++) {
    const row = link.events.at(index);
    if (canvas.flow.processOf(row) !== lane.process) continue;
    return canvas.flow.wakeOf(row) === wake;
  }
  return false;
}

function paintOnLink(moment: Moment): void {
  markOnLink(moment, outcomeOf(moment.event));
}

function markOnLink({ canvas, row, x, link }: Moment, mark: MarkName): void {
  if (!link) return;
  const y = link.handler + HANDLER_HEIGHT / 2;
  canvas.add({ shape: "mark", role: roleOf(mark), mark, x, y, row });
}

function paintCreate(moment: Moment): void {
  const { lane, link } = moment;
  if (lane && link) stroke(moment, "open", lane.line, nearEdge(lane, link));
  markWithWords(moment, "open", "create");
}

function paintExec(moment: Moment): void {
  const { canvas, x, lane, event, row } = moment;
  if (!lane) return;
  canvas.add({ shape: "mark", role: "mark", mark: "exec", x, y: lane.line, row });
  const y = lane.line + lane.words * WORD_ROWS.inner;
  canvas.add({ shape: "text", role: "result", x: x - 3, y, anchor: "start", text: event.comm, row });
}

function paintExit(moment: Moment): void {
  const { canvas, x, lane, event, row } = moment;
  if (!lane) return;
  const killed = (event.result & 0x7f) !== 0;
  const mark = killed ? "killed" : "exit";
  canvas.add({ shape: "mark", role: killed ? "trouble" : "mark", mark, x, y: lane.line, row });
  const text = killed ? resultWords(event) : `exit ${resultWords(event)}`;
  canvas.add({ shape: "text", role: "note", x: x + 9, y: lane.line, anchor: "start", text, row });
}

function paintLost({ canvas, x, event, row }: Moment): void {
  const text = `${event.value} events lost`;
  canvas.add({ shape: "stroke", role: "trouble", x, from: 36, to: canvas.lanes.height, arrow: false, row });
  canvas.add({ shape: "mark", role: "trouble", mark: "lost", x, y: 28, row });
  canvas.add({ shape: "text", role: "trouble", x: x + 8, y: 26, anchor: "start", text, row });
}

/** The mark of the outcome on the process line, the call's name and what it returned beside it. */
function markWithWords(moment: Moment, name: string, special?: MarkName): void {
  const { canvas, x, lane, event, row } = moment;
  if (!lane) return;
  const mark = special ?? outcomeOf(event);
  const role = roleOf(mark);
  canvas.add({ shape: "mark", role, mark, x, y: lane.line, row });
  const result = returned(moment);
  words(moment, result === "" ? "inner" : "outer", name, "note");
  if (result !== "") words(moment, "inner", result, role === "trouble" ? "trouble" : "result");
}

function words({ canvas, x, lane, row }: Moment, where: "inner" | "outer", text: string, role: Role): void {
  if (!lane) return;
  const y = lane.line + lane.words * WORD_ROWS[where];
  canvas.add({ shape: "text", role, x, y, anchor: "middle", text, row });
}

function returned({ canvas, event, row }: Moment): string {
  if (event.type === "create") return "";
  if (outcomeOf(event) === "waits") return (canvas.flow.partner(row) ?? row) < row ? "in vain" : "";
  return event.type === "poll" ? pollShort(event.value) : resultWords(event);
}

/** A reader asks for IN; that there is room to write as well says nothing here. */
function pollShort(mask: number): string {
  return pollWords(mask & ~POLLOUT);
}

function roleOf(mark: MarkName): Role {
  return isTrouble(mark) ? "trouble" : "mark";
}

function stroke({ canvas, row, x }: Moment, role: Role, from: number, to: number): void {
  const item = canvas.flow.itemOf(row)?.number;
  const arrow = role !== "open";
  canvas.add({ shape: "stroke", role, x, from, to, arrow, row, ...(item === undefined ? {} : { item }) });
}

/** +1 when the link lies below the process, else -1. */
function side(lane: ProcessLane, link: LinkLane): number {
  return link.y > lane.y ? 1 : -1;
}

/** The edge of the handler's band that faces the process: where messages enter. */
function handlerEdge(lane: ProcessLane, link: LinkLane): number {
  return side(lane, link) > 0 ? link.handler : link.handler + HANDLER_HEIGHT;
}

/** The edge of the link's lane that faces the process. */
function nearEdge(lane: ProcessLane, link: LinkLane): number {
  return side(lane, link) > 0 ? link.y : link.y + link.height;
}
