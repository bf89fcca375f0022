// SPDX-License-Identifier: MIT
// ddlab in pages of other origins: every example as a person copies it, and frames that have no say.

import type { Page } from "@playwright/test";
import { expect, test } from "./LabPage.ts";
import { OtherSite } from "./OtherSite.ts";

function script(baseURL: string | undefined): string {
  return `<script src="${baseURL}embed.js"></script>`;
}

test.describe("the examples", () => {
  /** What the examples page shows under a heading, to the letter. */
  async function example(page: Page, heading: string): Promise<string> {
    await page.goto("examples/");
    const section = page.getByRole("region", { name: heading });
    return (await section.locator("pre").textContent()) ?? "";
  }

  test("one scenario", async ({ lab, page }) => {
    await using site = await OtherSite.open(await example(page, "One scenario"));
    await page.goto(site.url);
    const frame = lab.page.frameLocator("dd-lab iframe");
    await expect(frame.locator("dd-flow-panel .summary")).toContainText("5 messages written, 3 items read");
    await expect(frame.getByText("Parent and child share one link.")).toBeVisible();
    await expect(frame.getByRole("button", { name: "Console" })).toHaveCount(0);
    await expect(frame.getByRole("link", { name: "Open in ddlab" })).toHaveAttribute(
      "href",
      /[?]scenario=fork$/,
    );
  });

  test("the whole of ddlab", async ({ lab, page }) => {
    await using site = await OtherSite.open(await example(page, "The whole of ddlab"));
    await page.goto(site.url);
    const frame = lab.page.frameLocator("dd-lab iframe");
    await frame.getByRole("button", { name: "Run ddtest" }).click();
    await expect(frame.locator("dd-flow-panel .summary")).toContainText("2 messages written, 2 items read");
    expect(await page.locator("dd-lab").evaluate(({ clientHeight }) => clientHeight)).toBe(900);
  });

  test("driven by the page", async ({ lab, page }) => {
    await using site = await OtherSite.open(await example(page, "Driven by your page"));
    await page.goto(site.url);
    await lab.page.getByRole("button", { name: "Fill the queue" }).click();
    await expect(page.locator("output")).toHaveText(/1 write refused by a full queue.* \d\d events\.$/);
  });

  test("a frame by hand", async ({ lab, page }) => {
    await using site = await OtherSite.open(await example(page, "Where scripts are not allowed"));
    await page.goto(site.url);
    const frame = lab.page.frameLocator("iframe");
    await expect(frame.locator("dd-flow-panel .summary")).toContainText("1 read failed with EIO");
  });

  test("a frame by hand, and messages", async ({ lab, page }) => {
    await using site = await OtherSite.open(await example(page, "A frame by hand, and messages"));
    await page.goto(site.url);
    await expect(lab.page.locator("output")).toContainText("4 messages written, 4 items read");
  });

  test("the page of examples itself", async ({ lab, page }) => {
    await lab.page.goto("examples/");
    await page.getByRole("combobox", { name: "Scenario" }).selectOption("Echo");
    const frame = page.frameLocator("dd-lab iframe");
    await expect(frame.locator("dd-flow-panel .summary")).toContainText("ddtest: 2 messages written");
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    const copy = page.getByRole("region", { name: "One scenario" }).getByRole("button");
    await copy.click();
    await expect(copy).toHaveText("Copied");
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(
      await page.getByRole("region", { name: "One scenario" }).locator("pre").textContent(),
    );
  });
});

test("the element tells its state, refuses what there is not, and fails what is taken away", async ({
  lab,
  page,
  baseURL,
}) => {
  await using site = await OtherSite.open(`${script(baseURL)}<dd-lab controls="minimal"></dd-lab>`);
  await lab.page.goto(site.url);
  await page.locator("dd-lab").evaluate((element) => {
    Reflect.set(globalThis, "phases", []);
    element.addEventListener("dd-state", (event) => {
      if (event instanceof CustomEvent) Reflect.get(globalThis, "phases").push(event.detail.phase);
    });
  });
  const call = (name: string, ...given: string[]) =>
    page.locator("dd-lab").evaluate(
      (element, [name, given]) =>
        Promise.resolve(Reflect.get(element, name).apply(element, given)).then(
          (value) => JSON.stringify(value),
          (error: Error) => error.message,
        ),
      [name, given] as const,
    );
  expect(JSON.parse(await call("run", "echo"))).toEqual({
    ending: "exit 0",
    summary: "ddtest: 2 messages written, 2 items read, 1 empty read.",
  });
  expect(JSON.parse(await call("state"))).toMatchObject({ phase: "ready", scenario: "echo", running: false });
  expect(JSON.parse(await call("events"))).toContainEqual(expect.objectContaining({ type: "post", len: 5 }));
  expect(await call("run", "no-such")).toBe("There is no scenario “no-such”.");
  await expect.poll(() => page.evaluate(() => Reflect.get(globalThis, "phases").at(-1))).toBe("ready");
  const gone = call("run", "fork");
  await page.locator("dd-lab").evaluate((element) => element.remove());
  expect(await gone).toBe("<dd-lab>: the element was taken out of the page");
});

test.describe("hostile company", () => {
  test("no frame but the page around it can drive ddlab, and none can speak for it", async ({
    lab,
    page,
    baseURL,
  }) => {
    // The hostile frame is another origin again; it knows everything and speaks to both sides all the time.
    await using evil = await OtherSite.open(`<script>
          setInterval(() => {
            const victim = parent.frames[0];
            for (const question of [{ type: "ping" }, { type: "run", scenario: "fork" }, { type: "events" }])
              victim.postMessage({ ddlab: 1, id: 7, ...question }, "*");
            for (let id = 0; id < 9; id++) {
              parent.postMessage({ ddlab: 1, id, type: "pong", scenarios: [] }, "*");
              parent.postMessage({ ddlab: 1, id, type: "done", done: { ending: "forged", summary: "forged" } }, "*");
              parent.postMessage({ ddlab: 1, id, type: "changed", state: { phase: "forged" } }, "*");
            }
          }, 20);
          addEventListener("message", ({ data }) => parent.postMessage({ overheard: data }, "*"));
        </script>`);
    await using site =
      await OtherSite.open(`${script(baseURL)}<iframe src="${baseURL}?controls=minimal" name="bare"></iframe>
      <dd-lab controls="minimal"></dd-lab><iframe src="${evil.url}"></iframe>`);
    await page.addInitScript(() => {
      const heard: unknown[] = [];
      Reflect.set(globalThis, "heard", heard);
      addEventListener("message", ({ data }) => {
        if (data.overheard !== undefined) heard.push(data.overheard);
      });
      document.addEventListener(
        "dd-state",
        (event) => {
          if (event instanceof CustomEvent && event.detail.phase === "forged") heard.push(event.detail);
        },
        true,
      );
    });
    await page.goto(site.url);
    const bare = lab.page.frameLocator("iframe[name=bare]");
    await expect(bare.getByText(/^guest running/)).toBeVisible({ timeout: 60_000 });
    const done = await page
      .locator("dd-lab")
      .evaluate((element) => Reflect.get(element, "run").call(element, "echo"));
    expect(done).toEqual({
      ending: "exit 0",
      summary: expect.stringContaining("ddtest: 2 messages written"),
    });
    await expect(bare.locator("dd-flow-panel .summary")).toHaveCount(0);
    expect(await page.evaluate(() => Reflect.get(globalThis, "heard"))).toEqual([]);
  });

  test("a page that is not the host named in the address gets no answer", async ({ lab, page, baseURL }) => {
    await using site = await OtherSite.open(
      `<iframe src="${baseURL}?controls=minimal&host=http://other.example"></iframe><output></output><script>
        addEventListener("message", ({ data }) => { document.querySelector("output").value += data.type; });
        setInterval(() => frames[0].postMessage({ ddlab: 1, id: 1, type: "ping" }, "*"), 50);
      </script>`,
    );
    await lab.page.goto(site.url);
    await expect(page.frameLocator("iframe").getByText(/^guest running/)).toBeVisible({ timeout: 60_000 });
    await expect(page.locator("output")).toHaveText("");
  });

  test("what comes before a ping, of another version or from nowhere gets a sentence", async ({
    lab,
    page,
    baseURL,
  }) => {
    await using site = await OtherSite.open(
      `<iframe src="${baseURL}?controls=minimal"></iframe><script>
        answers = [];
        addEventListener("message", ({ data }) => answers.push(data.id + " " + data.type + " " + (data.message ?? "")));
        say = (message) => frames[0].postMessage(message, "${new URL(baseURL ?? "").origin}");
      </script>`,
    );
    await lab.page.goto(site.url);
    await expect(page.frameLocator("iframe").getByText(/^guest running/)).toBeVisible({ timeout: 60_000 });
    await page.evaluate(() => {
      const say = Reflect.get(globalThis, "say");
      say({ ddlab: 1, id: 1, type: "run", scenario: "echo" });
      say({ ddlab: 2, id: 2, type: "ping" });
      say({ ddlab: 1, id: 3, type: "exec", argv: ["sh"] });
      say({ ddlab: 1, id: "4", type: "ping" });
      for (const other of [null, "ddlab", { hello: 1 }, [1]]) say(other);
      say({ ddlab: 1, id: 5, type: "ping" });
    });
    const answers = () => page.evaluate(() => Reflect.get(globalThis, "answers"));
    const refusal = "error This ddlab knows version 1 of ping, run, state and events, each with an id.";
    await expect
      .poll(answers)
      .toEqual(["1 error Say ping first.", `2 ${refusal}`, `3 ${refusal}`, "0 changed ", "5 pong "]);
  });

  test.describe("a page with Cross-Origin-Embedder-Policy", () => {
    test.use({ allowed: /COEP|Embedder|blocked|ERR_BLOCKED|postMessage/i });

    test("is told that it cannot show it", async ({ lab, page, baseURL }) => {
      const answer = await page.request.get(`${baseURL}embed.js`);
      const inline = await answer.text();
      await using site = await OtherSite.open(
        `<script>Object.defineProperty(document, "currentScript", { value: Object.assign(document.createElement("script"), { src: "${baseURL}embed.js" }) });${inline}</script><dd-lab></dd-lab>`,
        { "Cross-Origin-Embedder-Policy": "require-corp" },
      );
      await lab.page.goto(site.url);
      const message = page.locator("dd-lab").evaluate((element) =>
        Reflect.get(element, "state")
          .call(element)
          .catch((error: Error) => error.message),
      );
      expect(await message).toContain("Pages that set Cross-Origin-Embedder-Policy");
    });
  });
});
