// SPDX-License-Identifier: MIT
import type { ReadonlySignal } from "@preact/signals-core";
import type { ByteChannel } from "../base/ByteChannel.ts";
import { BridgeError } from "./BridgeError.ts";
import { Connection, type ConnectionOptions, connected } from "./Connection.ts";
import type { ConnectionState, LineCounts } from "./ConnectionState.ts";
import { within } from "./deadline.ts";
import { type EventOptions, EventStream } from "./EventStream.ts";
import { Files } from "./Files.ts";
import { type CallOptions, Link } from "./Link.ts";
import { type ExecOptions, type Exit, Process } from "./Process.ts";
import type { Question } from "./RemoteStream.ts";
import type { SavedSession } from "./SavedSession.ts";

export interface ConnectOptions extends ConnectionOptions {
  readonly signal?: AbortSignal;
  /** How long `connect` waits for the agent. Default: three times `deadlineMs`. */
  readonly connectMs?: number;
}

export interface RunResult extends Exit {
  readonly stdout: string;
  readonly stderr: string;
}

const SEED_BYTES = 64;

/** The guest, through its agent: programs, files, links, kernel events. */
export class Guest implements AsyncDisposable {
  readonly files: Files;
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.files = new Files(connection);
  }

  get state(): ReadonlySignal<ConnectionState> {
    return this.#connection.state;
  }

  /** What this side saw of the line. */
  get counts(): LineCounts {
    return this.#connection.counts;
  }

  /** Starts a program. No shell: `argv` is what it gets. */
  exec(argv: readonly string[], options: ExecOptions = {}): Promise<Process> {
    return Process.start(this.#connection, argv, options);
  }

  /** Runs a program to its end and gives what it wrote. */
  async run(argv: readonly string[], options: ExecOptions = {}): Promise<RunResult> {
    const process = await this.exec(argv, options);
    const [stdout, stderr, exit] = await Promise.all([
      text(process.stdout),
      text(process.stderr),
      process.exited,
    ]);
    if (exit.limit) throw new BridgeError(`${argv.join(" ")} was killed: ${limitText(exit.limit, options)}`);
    return { ...exit, stdout, stderr };
  }

  openLink(path: string, options: CallOptions = {}): Promise<Link> {
    return Link.open(this.#connection, path, options);
  }

  events(options: EventOptions = {}): Promise<EventStream> {
    return EventStream.open(this.#connection, options);
  }

  /**
   * The session with its monitor, for whoever restores the machine from the state that it has now: he gives it to `resume`.
   * `events`: just opened, and with nothing else.
   */
  save(events: EventStream): SavedSession {
    return events.save(this.#connection);
  }

  /** Sets the guest's clock; gives by how many milliseconds it moved. */
  async setClock(time: Date = new Date()): Promise<number> {
    const ms = time.getTime();
    const value = {
      seconds: BigInt(Math.floor(ms / 1000)),
      nanoseconds: (((ms % 1000) + 1000) % 1000) * 1_000_000,
    };
    const answer = await this.#ask("set the clock", { $case: "setClock", value });
    return answer?.$case === "clock" ? Number(answer.value.movedUs) / 1000 : 0;
  }

  /** Gives the guest's kernel fresh randomness: guests restored from one state would otherwise share theirs. */
  async reseed(seed: Uint8Array = crypto.getRandomValues(new Uint8Array(SEED_BYTES))): Promise<void> {
    await this.#ask("reseed", { $case: "reseed", value: { seed } });
  }

  /** Ends the session and begins a new one: programs are killed, links are closed. */
  restart(reason: string): void {
    this.#connection.restart(reason);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connection.close("it was disposed of");
    await Promise.resolve();
  }

  async #ask(what: string, question: Question) {
    const stream = this.#connection.open(question);
    try {
      return await stream.reply(what, this.#connection.patience());
    } finally {
      stream.cancel(new BridgeError(`${what} was abandoned`));
    }
  }
}

/** The guest at the other end of `channel`, once its agent has answered. */
export async function connect(channel: ByteChannel, options: ConnectOptions = {}): Promise<Guest> {
  const { signal, connectMs, ...rest } = options;
  const connection = new Connection(channel, rest);
  try {
    const ms = connectMs ?? 3 * (connection.patience().ms ?? 0);
    await within(connected(connection), "connect to the guest's agent", { ms, signal });
    return new Guest(connection);
  } catch (error) {
    connection.close(String(error));
    throw error;
  }
}

/** The guest of a restored machine, and the monitor that watched it when it was saved. It need not run yet. */
export function resume(
  channel: ByteChannel,
  session: SavedSession,
  options: Omit<ConnectionOptions, "awaitHello"> & Pick<EventOptions, "signal"> = {},
): { readonly guest: Guest; readonly events: EventStream } {
  const { signal, ...rest } = options;
  const connection = new Connection(channel, rest, session);
  const events = EventStream.resume(connection, session, signal);
  return { guest: new Guest(connection), events };
}

async function text(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let all = "";
  for await (const chunk of chunks) all += decoder.decode(chunk, { stream: true });
  return all + decoder.decode();
}

function limitText(limit: "time" | "idle", options: ExecOptions): string {
  return limit === "time"
    ? `its time limit of ${options.timeoutMs} ms was over`
    : `it neither read nor wrote for ${options.idleMs} ms`;
}
