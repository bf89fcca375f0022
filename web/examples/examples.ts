// SPDX-License-Identifier: MIT
// Puts this copy's own addresses into the examples, a button to copy each, and one of them live at the top.

import { SCENARIOS } from "../view/scenarios/Scenario.ts";

const home = new URL("../", location.href);
const ADDRESSES: Readonly<Record<string, string>> = {
  "{embed.js}": new URL("embed.js", home).href,
  "{home}": home.href,
  "{origin}": home.origin,
};

function fillIn(element: Element): void {
  element.textContent = (element.textContent ?? "").replaceAll(
    /\{[a-z.]+\}/g,
    (name) => ADDRESSES[name] ?? name,
  );
}

function copyButton(code: Element): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.onclick = async () => {
    try {
      await navigator.clipboard.writeText(code.textContent ?? "");
      button.textContent = "Copied";
    } catch {
      getSelection()?.selectAllChildren(code);
      button.textContent = "Marked: press Ctrl-C";
    }
  };
  return button;
}

function live(): void {
  const choice = document.querySelector("select");
  const stage = document.querySelector("#stage");
  if (!choice || !stage) return;
  const lab = document.createElement("dd-lab");
  lab.setAttribute("controls", "minimal");
  lab.setAttribute("scenario", "fork");
  choice.append(...SCENARIOS.map(({ id, title }) => new Option(title, id, id === "fork", id === "fork")));
  choice.onchange = () => lab.setAttribute("scenario", choice.value);
  stage.append(lab);
}

for (const code of document.querySelectorAll("code")) fillIn(code);
for (const block of document.querySelectorAll("pre")) {
  // It scrolls sideways on small screens, by keyboard too.
  block.tabIndex = 0;
  block.after(copyButton(block));
}
const script = document.createElement("script");
script.src = ADDRESSES["{embed.js}"] ?? "";
document.head.append(script);
live();
