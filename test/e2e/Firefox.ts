// SPDX-License-Identifier: MIT
// Debian's Firefox over WebDriver BiDi: a browser that Playwright cannot drive. As little as a smoke test needs.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as v from "valibot";

const ADDRESS = /WebDriver BiDi listening on (ws:\/\/\S+)/;

const MessageSchema = v.object({
  id: v.optional(v.nullable(v.number())),
  type: v.string(),
  method: v.optional(v.string()),
  params: v.optional(v.unknown()),
  result: v.optional(v.unknown()),
  message: v.optional(v.string()),
});
const TreeSchema = v.object({ contexts: v.tupleWithRest([v.object({ context: v.string() })], v.unknown()) });
const ValueSchema = v.union([
  v.object({ result: v.object({ value: v.optional(v.unknown()) }) }),
  v.object({ exceptionDetails: v.object({ text: v.string() }) }),
]);
const LogSchema = v.object({ level: v.string(), text: v.nullable(v.string()) });

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class Firefox implements AsyncDisposable {
  /** Errors and warnings that pages logged. */
  readonly complaints: string[] = [];
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;
  #context = "";

  private constructor(process: ChildProcess, profile: string, socket: WebSocket) {
    this.#process = process;
    this.#profile = profile;
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => this.#take(String(data)));
    socket.addEventListener("close", () => this.#fail(new Error("Firefox closed the connection")));
  }

  static async launch(executable: string): Promise<Firefox> {
    const profile = await mkdtemp(join(tmpdir(), "ddlab-firefox-"));
    const process = spawn(
      executable,
      ["--headless", "--no-remote", "--remote-debugging-port=0", "--profile", profile, "about:blank"],
      { stdio: ["ignore", "ignore", "pipe"], env: { ...globalThis.process.env, HOME: profile } },
    );
    const socket = new WebSocket(`${await addressOf(process)}/session`);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve, { once: true });
      socket.addEventListener("error", () => reject(new Error("Firefox refuses the connection")), {
        once: true,
      });
    });
    const firefox = new Firefox(process, profile, socket);
    await firefox.#begin();
    return firefox;
  }

  async open(url: string): Promise<void> {
    await this.#send("browsingContext.navigate", { context: this.#context, url, wait: "complete" });
  }

  /** What an expression gives in the page: a text, a number, true or false. */
  async evaluate(expression: string): Promise<unknown> {
    const target = { context: this.#context };
    const answer = await this.#send("script.evaluate", { expression, target, awaitPromise: true });
    const outcome = v.parse(ValueSchema, answer);
    if ("exceptionDetails" in outcome) throw new Error(`in the page: ${outcome.exceptionDetails.text}`);
    return outcome.result.value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill();
    await ended;
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  async #begin(): Promise<void> {
    await this.#send("session.new", { capabilities: {} });
    await this.#send("session.subscribe", { events: ["log.entryAdded"] });
    const tree = v.parse(TreeSchema, await this.#send("browsingContext.getTree", {}));
    this.#context = tree.contexts[0].context;
  }

  #send(method: string, params: object): Promise<unknown> {
    const id = ++this.#calls;
    this.#socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  #take(text: string): void {
    const { id, method, params, result, type, message } = v.parse(MessageSchema, JSON.parse(text));
    if (method === "log.entryAdded") this.#note(v.parse(LogSchema, params));
    const waiting = this.#waiting.get(id ?? -1);
    this.#waiting.delete(id ?? -1);
    if (type === "error") waiting?.reject(new Error(message));
    else waiting?.resolve(result);
  }

  #note({ level, text }: v.InferOutput<typeof LogSchema>): void {
    if (level === "error" || level === "warn") this.complaints.push(text ?? "");
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
  }
}

async function addressOf({ stderr }: ChildProcess): Promise<string> {
  if (!stderr) throw new Error("Firefox has no error output to read its address from");
  for await (const line of createInterface({ input: stderr })) {
    const address = ADDRESS.exec(line)?.[1];
    if (address === undefined) continue;
    stderr.resume();
    return address;
  }
  throw new Error("Firefox ended without offering WebDriver BiDi");
}
