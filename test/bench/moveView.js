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

  /** Milliseconds until all of the log is in the model. */
  async open(url) {
    const { body } = await fetch(url);
    const take = (event) => this.delays.push(performance.now() - event.timeStamp);
    addEventListener("keydown", take, { capture: true });
    const started = performance.now();
    await globalThis.ddlab.open(url, body);
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
