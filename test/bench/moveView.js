// SPDX-License-Identifier: MIT
// Runs in the product's page before its own scripts (plain JavaScript: it is given to the browser as it stands).
// `ddbench` opens a log and moves over it as a person would, a step a frame.

globalThis.ddbench = {
  picture() {
    const page = document.querySelector("dd-page")?.shadowRoot;
    return page?.querySelector("dd-flow-panel")?.shadowRoot?.querySelector("dd-flow-picture");
  },

  /** Milliseconds from each key press to its turn, while a log is opened. */
  delays: [],

  /** Resolves when the build is kept for use without a network. */
  kept() {
    const late = new Promise((_, reject) => {
      setTimeout(() => reject(new Error("the page's service worker is not ready after a minute")), 60_000);
    });
    return Promise.race([navigator.serviceWorker.ready.then(() => undefined), late]);
  },

  /** Where the log's file is chosen, as a person would: no server shares the processors then. */
  chooser() {
    const input = Object.assign(document.createElement("input"), { type: "file", id: "log", hidden: true });
    document.body.append(input);
  },

  /** Milliseconds until all of the chosen log is in the model. */
  async open() {
    const file = document.querySelector("#log").files[0];
    const take = (event) => this.delays.push(performance.now() - event.timeStamp);
    addEventListener("keydown", take, { capture: true });
    const started = performance.now();
    await globalThis.ddlab.open(file.name, file.stream(), file.size);
    const ms = performance.now() - started;
    removeEventListener("keydown", take, { capture: true });
    return ms;
  },

  look(from, to) {
    this.picture().showRange({ from, to });
  },

  /** Pans there and back for some time, zooming in and out a little all the while. */
  move(ms) {
    const picture = this.picture();
    const started = performance.now();
    let frame = 0;
    return new Promise((resolve) => {
      const step = () => {
        const back = frame % 120 >= 60;
        picture.pan(back ? -14 : 14);
        if (frame % 4 === 0) picture.zoom(back ? 1 / 1.01 : 1.01);
        frame++;
        if (performance.now() - started < ms) requestAnimationFrame(step);
        else resolve(frame);
      };
      requestAnimationFrame(step);
    });
  },
};
