// SPDX-License-Identifier: MIT
// Reads a saved event log from pieces of text, however they are cut. What is not one, is damaged or comes from a newer
// ddlab is refused by a LogError whose message is one sentence for a person.

import * as v from "valibot";
import type { KernelEvent } from "../../bridge/KernelEvent.ts";
import { CUT, EventSchema, eventOf, HeaderSchema, LINE_MAX, VERSION } from "./format.ts";

export class LogError extends Error {
  override readonly name = "LogError";
}

/** What a log consists of: events, and the places where the monitor began anew. */
export type LogEntry = KernelEvent | typeof CUT;

const OpeningSchema = v.looseObject({ format: HeaderSchema.entries.format, version: v.number() });

export class LogReader {
  #rest = "";
  #line = 0;
  #announced = 0;
  #read = 0;
  #timeNs = 0;
  #ended = false;

  /** Events that the header announces; 0 before it was read. */
  get announced(): number {
    return this.#announced;
  }

  /** The entries whose lines are complete. */
  push(text: string): LogEntry[] {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    if (this.#rest.length > LINE_MAX) throw this.#foreign("it has no lines");
    return lines.flatMap((line) => this.#entry(line) ?? []);
  }

  /** There is no more text. */
  end(): void {
    const last = this.#entry(this.#rest);
    if (last !== null) throw this.#damaged("it is cut off in this line");
    if (this.#announced !== this.#read || !this.#ended)
      throw new LogError(
        `The event log is incomplete: it announces ${this.#announced} events and has ${this.#read}; save or copy it again.`,
      );
  }

  #entry(raw: string): LogEntry | null {
    const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
    this.#line++;
    if (this.#line === 1) return this.#header(line);
    if (this.#ended) return this.#nothing(line);
    if (line === "]") {
      this.#ended = true;
      return null;
    }
    return this.#record(line);
  }

  #nothing(line: string): null {
    if (line !== "") throw this.#damaged("there is more after its end");
    return null;
  }

  #header(line: string): null {
    const opening = v.safeParse(OpeningSchema, parsed(withoutComma(line.replace(/^\ufeff?\[/, ""))));
    if (!opening.success) throw this.#foreign("its first line does not say so");
    const { version } = opening.output;
    if (version > VERSION)
      throw new LogError(
        `This event log has version ${version}, and this page reads up to version ${VERSION}: open it with a newer ddlab.`,
      );
    const header = v.safeParse(HeaderSchema, opening.output);
    if (!header.success) throw this.#damaged(header.issues[0].message);
    this.#announced = header.output.events;
    return null;
  }

  #record(line: string): LogEntry {
    const record = parsed(withoutComma(line));
    if (record === CUT) return CUT;
    const fields = v.safeParse(EventSchema, record, { abortPipeEarly: true, abortEarly: true });
    if (!fields.success) throw this.#damaged(fields.issues[0].message);
    const event = eventOf(fields.output);
    if (event.timeNs < this.#timeNs) throw this.#damaged("its time goes back");
    this.#timeNs = event.timeNs;
    if (++this.#read > this.#announced)
      throw this.#damaged("there are more events than its header announces");
    return event;
  }

  #foreign(why: string): LogError {
    return new LogError(`This file is not an event log of ddlab: ${why}.`);
  }

  #damaged(why: string): LogError {
    return new LogError(`The event log is damaged at line ${this.#line}: ${why}.`);
  }
}

function withoutComma(line: string): string {
  return line.endsWith(",") ? line.slice(0, -1) : line;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
