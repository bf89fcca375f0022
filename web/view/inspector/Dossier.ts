// SPDX-License-Identifier: MIT
// What is known of one event and of its item, as pairs of words. Pure: the inspector only lays it out.

import type { KernelEvent, KernelEventType } from "../../bridge/KernelEvent.ts";
import type { Decoded } from "../../flow/decode/Decoder.ts";
import { decodePayload } from "../../flow/decode/registry.ts";
import type { Flow } from "../../flow/Flow.ts";
import type { Item } from "../../flow/Items.ts";
import type { Process } from "../../flow/Lives.ts";
import { bytesWords, durationWords, itemsWords, resultWords, sentence } from "../../flow/Meaning.ts";

export interface Fact {
  readonly name: string;
  readonly value: string;
  /** Event that the value is about: a click goes there. */
  readonly row?: number;
}

export interface Dossier {
  readonly title: string;
  readonly facts: readonly Fact[];
  readonly item: readonly Fact[];
  readonly payload: Uint8Array;
  /** The payload as named fields, where its kind is known. */
  readonly decoded: Decoded | null;
  /** Bytes of the message or item that the monitor did not carry. */
  readonly cut: number;
}

/** Item ids are the link's id in the high word and a count in the low one. */
export function itemNumber(id: number): number {
  return id % 2 ** 32;
}

export function whoIs(process: Process | null): string {
  return process ? `${process.comm} (${process.pid})` : "the kernel";
}

export function dossierOf(flow: Flow, row: number): Dossier {
  const event = flow.event(row);
  const item = flow.itemOf(row);
  const { payload, len, flags } = payloadOf(flow, row, event, item);
  const kind = flow.linkOf(row)?.kind ?? "";
  return {
    title: eventTitle(event),
    facts: eventFacts(flow, row, event),
    item: item ? itemFacts(flow, item) : [],
    payload,
    decoded: event.link === 0 ? null : decodePayload(payload, { kind, flags }),
    cut: Math.max(0, len - payload.length),
  };
}

/** What the kernel side does is not said of the program in whose context it happens. */
const BY_KERNEL: readonly KernelEventType[] = ["queue", "post", "drop", "wake", "hangup", "overflow"];

/** A whole sentence, but for its full stop. */
export function eventTitle(event: KernelEvent): string {
  const words = BY_KERNEL.includes(event.type) ? sentence(event) : `${event.comm} ${sentence(event)}`;
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** A write's message is on its enter; a read that failed still shows the item that waits. */
function payloadOf(flow: Flow, row: number, event: KernelEvent, item: Item | null): KernelEvent {
  if (event.payload.length > 0) return event;
  const partner = event.type === "write" ? flow.partner(row) : null;
  if (partner !== null) return flow.event(partner);
  return item ? flow.event(item.born) : event;
}

function eventFacts(flow: Flow, row: number, event: KernelEvent): Fact[] {
  const run = flow.runOf(row);
  const since = run ? event.timeNs - flow.timeNs(run.events.at(0)) : 0;
  const facts: Fact[] = [
    { name: "event", value: `${event.type}, number ${event.seq}` },
    { name: "when", value: `+${durationWords(since)} into the run` },
    { name: "process", value: whoIs(flow.processOf(row)) },
  ];
  const link = flow.linkOf(row);
  if (link)
    facts.push({ name: "link", value: link.kind === "" ? `${link.id}` : `${link.id}, kind ${link.kind}` });
  if (resultWords(event) !== "") facts.push({ name: "result", value: resultWords(event) });
  if (event.type === "read") facts.push({ name: "buffer", value: bytesWords(event.value) });
  facts.push(...callFacts(flow, row, event));
  if (link)
    facts.push({ name: "queue after", value: `${itemsWords(event.items)}, ${bytesWords(event.bytes)}` });
  return facts;
}

function callFacts(flow: Flow, row: number, event: KernelEvent): Fact[] {
  const partner = flow.partner(row);
  if (partner === null) return [];
  const took = durationWords(Math.abs(flow.timeNs(partner) - event.timeNs));
  if (event.type !== "poll") return [{ name: "call took", value: took, row: partner }];
  const wake = flow.wakeOf(row);
  const end = wake === null ? "no wake-up: it timed out" : "until the link woke it";
  return [{ name: "waited", value: `${took}, ${end}`, row: wake ?? partner }];
}

function itemFacts(flow: Flow, item: Item): Fact[] {
  const born = flow.event(item.born);
  const facts: Fact[] = [
    {
      name: "item",
      value: `${itemNumber(item.id)} of link ${born.link}, ${bytesWords(born.len)}`,
      row: item.born,
    },
    { name: "queued by", value: queuedBy(flow, item, born), row: item.cause ?? item.born },
  ];
  for (const failed of failedReads(flow, item)) {
    const { result, value, comm } = flow.event(failed);
    const words = `${comm} with ${bytesWords(value)}: ${resultWords({ ...flow.event(failed), result })}`;
    facts.push({ name: "tried", value: words, row: failed });
  }
  return [...facts, ...endFacts(flow, item, born)];
}

function queuedBy(flow: Flow, item: Item, born: KernelEvent): string {
  const how = born.type === "post" ? "posted" : "queued";
  const writer = whoIs(flow.processOf(item.born));
  return item.cause === null ? `the kernel side, ${how}` : `${how} by the handler of a write by ${writer}`;
}

function endFacts(flow: Flow, item: Item, born: KernelEvent): Fact[] {
  if (item.gone === null) return [{ name: "waits", value: "still in the queue" }];
  const end = flow.event(item.gone);
  const waited = { name: "waited", value: durationWords(end.timeNs - born.timeNs) };
  const by = whoIs(flow.processOf(item.gone));
  const how = end.type === "read" ? `${by}, returned ${end.result}` : `nobody: ${sentence(end)}`;
  return [waited, { name: "read by", value: how, row: item.gone }];
}

/** Reads that found the item first in the queue and could not take it. */
function failedReads(flow: Flow, item: Item): number[] {
  return flow.rowsOfItem(item.number).filter((row) => flow.type(row) === "read" && row !== item.gone);
}

/** "68 65 6c 6c 6f" in rows of 8, beside the text. */
export function hexRows(bytes: Uint8Array): { at: string; hex: string; text: string }[] {
  const rows = [];
  for (let at = 0; at < bytes.length; at += 8) {
    const part = bytes.slice(at, at + 8);
    const hex = Array.from(part, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const text = Array.from(part, (byte) =>
      byte >= 32 && byte < 127 ? String.fromCharCode(byte) : "·",
    ).join("");
    rows.push({ at: at.toString(16).padStart(4, "0"), hex, text });
  }
  return rows;
}
