// SPDX-License-Identifier: MIT
// What kernel/bench/program prints, and how figures per message are made of it.
import { median } from "./metrics.ts";

export type Pattern = "roundtrip" | "stream";

/** One measurement: so many messages took so many ticks. */
export interface Sample {
  readonly pattern: Pattern;
  readonly peer: string;
  readonly size: number;
  readonly messages: number;
  readonly ticks: number;
}

/** A peer that cannot carry a message of this size as one. */
export interface Absence {
  readonly pattern: Pattern;
  readonly peer: string;
  readonly size: number;
  readonly reason: string;
}

export interface Report {
  /** In the order of measuring; their numbers count from 1. */
  readonly samples: readonly Sample[];
  readonly absences: readonly Absence[];
}

const END = /^end (\d+) (roundtrip|stream) (\w+) (\d+) (\d+) (\d+)$/;
const ABSENT = /^absent (roundtrip|stream) (\w+) (\d+) (.+)$/;

function patternOf(text: string | undefined): Pattern {
  return text === "stream" ? "stream" : "roundtrip";
}

/** Reads all that the program said; anything but a whole report is an error with the program's last words. */
export function parseReport(text: string): Report {
  const samples: Sample[] = [];
  const absences: Absence[] = [];
  const lines = text.split(/\r?\n/).filter(Boolean);
  if (lines.at(-1) !== "done")
    throw new Error(`the comparison did not end; its last line: ${lines.at(-1) ?? "none"}`);
  for (const line of lines.slice(0, -1)) {
    const [, , pattern, peer = "", size, messages, ticks] = END.exec(line) ?? [];
    const [, kind, name = "", bytes, reason = ""] = ABSENT.exec(line) ?? [];
    if (peer)
      samples.push({
        pattern: patternOf(pattern),
        peer,
        size: Number(size),
        messages: Number(messages),
        ticks: Number(ticks),
      });
    else if (name) absences.push({ pattern: patternOf(kind), peer: name, size: Number(bytes), reason });
    else if (!line.startsWith("begin ")) throw new Error(`the comparison said something else: ${line}`);
  }
  return { samples, absences };
}

/** Samples come in pairs, of N messages and of 2N: what the N more have taken, each. */
function differences(samples: readonly Sample[]): number[] {
  const each: number[] = [];
  for (let i = 0; i + 1 < samples.length; i += 2) {
    const [few, many] = [samples[i], samples[i + 1]];
    if (!few || !many || many.messages !== 2 * few.messages)
      throw new Error(`measurement ${i + 1} of ${few?.peer} has no partner of twice as many messages`);
    each.push((many.ticks - few.ticks) / few.messages);
  }
  return each;
}

/**
 * What one message costs, in ticks, without the loop around it (which `nothing` shows). The median of the rounds:
 * the few in which the timer's interrupt fell do not count.
 */
export function perMessage(samples: readonly Sample[], pattern: Pattern, peer: string, size: number): number {
  const of = (name: string) =>
    differences(samples.filter((one) => one.pattern === pattern && one.peer === name && one.size === size));
  return median(of(peer)) - median(of("nothing"));
}

/** What each round took, loop and all, in ticks per message. */
export function timesOf(samples: readonly Sample[], pattern: Pattern, peer: string, size: number): number[] {
  return samples
    .filter((one) => one.pattern === pattern && one.peer === peer && one.size === size)
    .map(({ ticks, messages }) => ticks / messages);
}
