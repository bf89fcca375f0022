// SPDX-License-Identifier: MIT
// ddlab's side of an embedding: answers the page around it, and nobody else.

import { effect } from "@preact/signals-core";
import * as v from "valibot";
import type { KernelEvent } from "../../bridge/KernelEvent.ts";
import { pictureSummary } from "../../view/picture/Summary.ts";
import { SCENARIOS, type Scenario, scenarioOf } from "../../view/scenarios/Scenario.ts";
import type { Lab, LabState } from "../Lab.ts";
import { type Answer, type Done, type FrameState, type Request, RequestSchema, VERSION } from "./Messages.ts";

const RUN_MS = 120_000;
const MOST_EVENTS = 10_000;

/** `host`: the only origin that is answered; null: that of the first ping. */
export function answerHost(lab: Lab, host: string | null): void {
  if (window.parent === window) return;
  new Frame(lab, host).listen();
}

class Frame {
  readonly #lab: Lab;
  #host: string | null;
  #greeted = false;
  #told = "";

  constructor(lab: Lab, host: string | null) {
    this.#lab = lab;
    this.#host = host;
  }

  listen(): void {
    addEventListener("message", (event) => {
      // Other frames, and pages that were put in the place of ours, have no say here. An opaque origin ("null", that
      // of a sandboxed or local page) cannot be answered safely.
      if (event.source !== window.parent || event.origin === "null") return;
      if (this.#host !== null && event.origin !== this.#host) return;
      void this.#take(event.data, event.origin);
    });
  }

  async #take(data: unknown, origin: string): Promise<void> {
    const parsed = v.safeParse(RequestSchema, data);
    if (!parsed.success) return this.#refuse(data, origin);
    const request = parsed.output;
    if (request.type === "ping") this.#greet(origin);
    else if (!this.#greeted)
      return this.#send({ type: "error", message: "Say ping first." }, request.id, origin);
    this.#send(await this.#answer(request), request.id, origin);
  }

  /** What is not for us is left alone; what was meant for us gets a sentence. */
  #refuse(data: unknown, origin: string): void {
    const meant = v.safeParse(v.object({ ddlab: v.unknown(), id: v.optional(v.number(), 0) }), data);
    if (!meant.success) return;
    const message = `This ddlab knows version ${VERSION} of ping, run, state and events, each with an id.`;
    this.#send({ type: "error", message }, meant.output.id, origin);
  }

  #greet(origin: string): void {
    this.#host = origin;
    if (this.#greeted) return;
    this.#greeted = true;
    effect(() => {
      const state = stateOf(this.#lab.state.value);
      const told = JSON.stringify(state);
      if (told !== this.#told) this.#send({ type: "changed", state }, 0, origin);
      this.#told = told;
    });
  }

  async #answer(request: Request): Promise<Answer> {
    switch (request.type) {
      case "ping":
        return { type: "pong", scenarios: SCENARIOS.map(({ id }) => id) };
      case "state":
        return { type: "state", state: stateOf(this.#lab.state.value) };
      case "events":
        return { type: "events", events: shownEvents(this.#lab.state.value) };
      case "run":
        return this.#run(request.scenario);
    }
  }

  async #run(id: string): Promise<Answer> {
    const scenario = scenarioOf(id);
    if (!scenario) return { type: "error", message: `There is no scenario “${id}”.` };
    try {
      return { type: "done", done: await run(this.#lab, scenario) };
    } catch (error) {
      return { type: "error", message: error instanceof Error ? error.message : String(error) };
    }
  }

  #send(answer: Answer, id: number, origin: string): void {
    window.parent.postMessage({ ddlab: VERSION, id, ...answer }, origin);
  }
}

function stateOf({ phase, scenario, running, run }: LabState): FrameState {
  return {
    phase: phase.kind,
    scenario: scenario?.id ?? null,
    running,
    summary: run ? pictureSummary(run) : "",
  };
}

function shownEvents({ flow, run }: LabState): KernelEvent[] {
  const length = run?.events.length ?? 0;
  const first = Math.max(0, length - MOST_EVENTS);
  return Array.from({ length: length - first }, (_, index) => flow.event(run?.events.at(first + index) ?? 0));
}

/** Resolves when the scenario's program has ended and its last event has come. */
function run(lab: Lab, scenario: Scenario): Promise<Done> {
  const before = lab.state.peek().transcript;
  void lab.play(scenario);
  let stop = () => {};
  const settled = new Promise<Done>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${scenario.id} did not end in time`)), RUN_MS);
    const unwatch = effect(() => {
      const { transcript, running, run, phase, scenario: shown } = lab.state.value;
      const over = transcript !== before && !running && run?.alive === 0;
      if (shown !== scenario) reject(new Error("something else was run meanwhile"));
      else if (phase.kind === "failed" || phase.kind === "guest-lost") reject(new Error(phase.reason));
      else if (over) resolve({ ending: transcript?.ending ?? "", summary: pictureSummary(run) });
    });
    stop = () => {
      clearTimeout(late);
      unwatch();
    };
  });
  return settled.finally(() => stop());
}
