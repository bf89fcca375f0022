// SPDX-License-Identifier: MIT
// Opens a terminal under a Content-Security-Policy without 'unsafe-inline'. What xterm.js 6.0 does that the policy
// refuses: three <style> elements made while it opens (DomRenderer, Viewport), and style attributes of spans for
// colours beyond the palette (DomRendererRowFactory). Its option `documentOverride` reaches only two of the four: the
// others take the page's own document. So the means are these, and policy.spec.ts fails if they reach too little.

import type { Terminal } from "@xterm/xterm";

/** `root` must be the one that `parent` lies in: it adopts the terminal's style sheets. */
export function openUnderPolicy(terminal: Terminal, parent: HTMLElement, root: DocumentOrShadowRoot): void {
  const value = (name: string) =>
    name === "style" ? styleElement(root) : Document.prototype.createElement.call(document, name);
  Object.defineProperty(document, "createElement", { value, configurable: true });
  try {
    terminal.open(parent);
  } finally {
    Reflect.deleteProperty(document, "createElement");
  }
}

/** In the place of a <style>: its text becomes a constructed style sheet, for as long as it is there. */
function styleElement(root: DocumentOrShadowRoot): HTMLElement {
  const sheet = new CSSStyleSheet();
  root.adoptedStyleSheets.push(sheet);
  const element = Document.prototype.createElement.call(document, "template");
  Object.defineProperty(element, "textContent", { set: (text: string) => sheet.replaceSync(text) });
  element.remove = () => {
    root.adoptedStyleSheets = root.adoptedStyleSheets.filter((other) => other !== sheet);
    Element.prototype.remove.call(element);
  };
  return element;
}

/** A style set through the object model is no inline style. */
HTMLSpanElement.prototype.setAttribute = function (name: string, value: string): void {
  if (name === "style") this.style.cssText = value;
  else Element.prototype.setAttribute.call(this, name, value);
};
