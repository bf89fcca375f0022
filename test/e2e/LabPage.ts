// SPDX-License-Identifier: MIT
// The page as a person uses it. Every test that takes it also asserts that the browser had nothing to complain about.

import { test as base, expect, type Locator, type Page } from "@playwright/test";

export interface EventRow {
  readonly type: string;
  readonly process: string;
  readonly link: string;
  readonly item: string;
  readonly len: string;
  readonly result: string;
  readonly items: string;
}

export class LabPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(): Promise<void> {
    await this.page.goto("./");
    await this.ready();
  }

  async ready(): Promise<void> {
    await expect(this.page.getByText(/^guest running/)).toBeVisible({ timeout: 60_000 });
  }

  async ddtest(fields: { words?: string; buffer?: string; path?: string } = {}): Promise<void> {
    await this.choose("ddtest");
    if (fields.words !== undefined) await this.page.getByLabel("Words to write").fill(fields.words);
    if (fields.buffer !== undefined) await this.page.getByLabel("Read buffer, bytes").fill(fields.buffer);
    if (fields.path !== undefined) await this.page.getByLabel("Path on the volume").fill(fields.path);
    await this.page.getByRole("button", { name: "Run ddtest" }).click();
  }

  async ddfork(writes: string, reads: string): Promise<void> {
    await this.choose("ddfork");
    await this.page.getByLabel("Parent writes, items").fill(writes);
    await this.page.getByLabel("Child reads, items").fill(reads);
    await this.page.getByRole("button", { name: "Run ddfork" }).click();
  }

  /** Runs any program and gives its output, when it has ended well. */
  async command(line: string): Promise<string> {
    await this.start(line);
    await this.ended("exit 0");
    return (await this.printed()).split("\n").slice(1).join("\n");
  }

  /** The command's line and all that the program printed. */
  async printed(): Promise<string> {
    return (await this.output.textContent()) ?? "";
  }

  async start(line: string): Promise<void> {
    await this.choose("other");
    await this.page.getByLabel("Program and arguments").fill(line);
    await this.page.getByRole("button", { name: "Run it" }).click();
    await expect(this.output).toContainText("$ ");
  }

  async ended(words: string | RegExp): Promise<void> {
    await expect(this.page.locator("dd-output").getByRole("status")).toHaveText(words);
  }

  get output(): Locator {
    return this.page.getByRole("region", { name: "What the program printed" });
  }

  get picture(): Locator {
    return this.page.getByRole("application");
  }

  /** The sentence over the picture. */
  get summary(): Locator {
    return this.page.locator("dd-flow-panel .summary");
  }

  async choose(program: "ddtest" | "ddfork" | "other"): Promise<void> {
    await this.page.getByRole("button", { name: program, exact: true }).click();
  }

  async tab(name: "Selected" | "All events" | "Compare" | "Console"): Promise<void> {
    await this.page.getByRole("button", { name, exact: true }).click();
  }

  /** The table twin's rows. */
  async events(): Promise<EventRow[]> {
    await this.tab("All events");
    const rows = this.page.getByRole("region", { name: "Events of the run" }).locator("tbody tr");
    const cells = await rows.evaluateAll((all) =>
      all.map((row) => Array.from(row.children, (cell) => cell.textContent?.trim() ?? "")),
    );
    return cells.map(
      ([, , process = "", type = "", link = "", item = "", len = "", result = "", items = ""]) => ({
        process,
        type,
        link,
        item,
        len,
        result,
        items,
      }),
    );
  }
}

/** Complaints that a test provokes on purpose. */
interface Options {
  readonly allowed: RegExp | null;
}

export const test = base.extend<{ lab: LabPage } & Options>({
  allowed: [null, { option: true }],
  lab: async ({ page, allowed }, use) => {
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    await use(new LabPage(page));
    expect(complaints.filter((text) => !allowed?.test(text))).toEqual([]);
  },
});

export { expect };
