// SPDX-License-Identifier: MIT
// Runs in the product's page before its own scripts (plain JavaScript: it is given to the browser as it stands). Presses
// the page's own button as soon as it can be pressed; when an item's bar is painted, it says the milliseconds since the
// page was opened. A frame's callbacks come before it is painted, a message from one of them after.

/** What the last of these names finds, each inside of what the one before has found. @param {string[]} path */
function within(...path) {
  return path.reduce((root, name) => (root?.shadowRoot ?? root)?.querySelector(name), document);
}

const painted = new MessageChannel();
painted.port1.onmessage = () => {
  console.info(`opened in ${performance.now()} ms`);
};

/** Sees what is drawn when it is, and takes no frame of the page's to look for it. @param {Node} picture */
function watch(picture) {
  const observer = new MutationObserver(() => {
    if (!within("dd-page", "dd-flow-panel", "dd-flow-picture", "rect.item")) return;
    observer.disconnect();
    requestAnimationFrame(() => painted.port2.postMessage(null));
  });
  observer.observe(picture, { childList: true, subtree: true });
}

/** As soon as a person could. */
async function press() {
  await customElements.whenDefined("dd-page");
  for (const path of [["dd-page"], ["dd-page", "dd-programs"], ["dd-page", "dd-flow-panel"]])
    await within(...path)?.updateComplete;
  const picture = within("dd-page", "dd-flow-panel", "dd-flow-picture")?.shadowRoot;
  const button = within("dd-page", "dd-programs", "button.primary:not([disabled])");
  if (!picture || !(button instanceof HTMLElement))
    throw new Error("the page has no picture, or nothing to press");
  watch(picture);
  button.click();
}

press().catch((error) => console.error(error));
