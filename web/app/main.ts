// SPDX-License-Identifier: MIT
// Makes the page. `window.ddlab.guest` is the Guest API of the running guest, for people with a console open.

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
  },
});
void lab.start();
