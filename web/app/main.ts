// SPDX-License-Identifier: MIT
// Makes the page, and `window.ddlab` for people with a console open and for programs (README.md).

import { effect } from "@preact/signals-core";
import { readAddress, withScenario } from "./Address.ts";
import { answerHost } from "./embed/Frame.ts";
import { guestSource } from "./GuestSource.ts";
import { Lab } from "./Lab.ts";
import { keepOffline } from "./offline/Offline.ts";
import { Page } from "./Page.ts";
import { rehearse } from "./rehearse.ts";
import { replay } from "./replay.ts";

const page = document.querySelector("dd-page");
if (!(page instanceof Page)) throw new Error("index.html has no <dd-page>");
const FIRST_LOOK_MS = 3000;
const lab = new Lab(guestSource);
page.lab = lab;
Object.defineProperty(globalThis, "ddlab", {
  value: {
    get guest() {
      return lab.guest;
    },
    open: (name: string, log: ReadableStream<Uint8Array>, size?: number) => lab.open(name, log, size),
    replayFingerprint: replay,
  },
});

const { scenario, minimal, host, problem } = readAddress(location.search);
page.minimal = minimal;
answerHost(lab, host);
if (scenario) void lab.play(scenario);
if (problem !== null) lab.say(problem);
effect(() => {
  const address = withScenario(location.href, lab.state.value.scenario);
  if (address !== location.href) history.replaceState(history.state, "", address);
});
void page.sharing.restore(location.hash);
addEventListener("hashchange", () => void page.sharing.restore(location.hash));
// Keeping the build loads all of it: not while a person waits for the first picture.
const keep = () => setTimeout(() => keepOffline((accept) => page.offer(accept)), FIRST_LOOK_MS);
void lab.start().then(keep);
void rehearse();
