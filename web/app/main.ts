// SPDX-License-Identifier: MIT
// Makes the page, and `window.ddlab` for people with a console open and for programs (README.md).

import { guestSource } from "./GuestSource.ts";
import { Lab } from "./Lab.ts";
import { Page } from "./Page.ts";

const page = document.querySelector("dd-page");
if (!(page instanceof Page)) throw new Error("index.html has no <dd-page>");
const lab = new Lab(guestSource);
page.lab = lab;
Object.defineProperty(globalThis, "ddlab", {
  value: {
    get guest() {
      return lab.guest;
    },
    async replayFingerprint(log: string) {
      return (await import("./replay.ts")).replay(log);
    },
  },
});
void lab.start();
