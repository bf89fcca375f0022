// SPDX-License-Identifier: MIT
// Runs in the product's page before its own scripts (plain JavaScript: it is given to the browser as it stands). Presses
// the page's own button as soon as it can be pressed; when an item's bar is painted, it says the milliseconds since the
// page was opened. A frame's callbacks come before it is painted; an urgent task from one of them comes after, and before
// other tasks, while a message would stand in line behind the page's next events and their picture.

/** What the last of these names finds, each inside of what the one before has found. @param {string[]} path */
function within(...path) {
  return path.reduce((root, name) => (root?.shadowRoot ?? root)?.querySelector(name), document);
}

function painted() {
  console.info(`opened in ${performance.now()} ms`);
}

/** Sees what is drawn when it is, and takes no frame of the page's to look for it. @param {Node} picture */
function watch(picture) {
  const observer = new MutationObserver(() => {
    if (!within("dd-page", "dd-flow-panel", "dd-flow-picture", "rect.item")) return;
    observer.disconnect();
    requestAnimationFrame(() => scheduler.postTask(painted, { priority: "user-blocking" }));
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
