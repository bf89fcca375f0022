// SPDX-License-Identifier: MIT
import { BridgeError } from "./BridgeError.ts";
import type { Connection } from "./Connection.ts";
import { type Exited, Limit } from "./generated/bridge.ts";
import type { RemoteStream } from "./RemoteStream.ts";
import { type SignalName, signalName, signalNumber } from "./signals.ts";

export interface ExecOptions {
  /** Added to DEFAULT_ENV. */
  readonly env?: Readonly<Record<string, string>>;
  /** The agent's own if not given. */
  readonly cwd?: string;
  /** What the program reads; "open" to `write()` it later. Nothing (/dev/null) if not given. */
  readonly stdin?: string | Uint8Array | AsyncIterable<Uint8Array> | "open";
  /** Gives the program a terminal; all its output comes as `stdout` then. */
  readonly pty?: { readonly rows: number; readonly columns: number };
  /**
   * The agent kills the program after so long by the guest's clock, which skips idle time in a machine that is not
   * paced: there, use `signal` with AbortSignal.timeout().
   */
  readonly timeoutMs?: number;
  /** The same for a program that neither reads nor writes for so long. */
  readonly idleMs?: number;
  /** Kills the program. */
  readonly signal?: AbortSignal;
}

export interface ResourceUsage {
  readonly userUs: number;
  readonly systemUs: number;
  readonly maxRssKib: number;
  readonly minorFaults: number;
  readonly majorFaults: number;
  readonly voluntarySwitches: number;
  readonly involuntarySwitches: number;
}

export interface Exit {
  /** undefined if a signal ended it. */
  readonly code: number | undefined;
  /** Like "SIGKILL"; undefined if it exited by itself. */
  readonly signal: string | undefined;
  /** The limit for which the agent killed it. */
  readonly limit: "time" | "idle" | undefined;
  readonly rusage: ResourceUsage;
}

export const DEFAULT_ENV: Readonly<Record<string, string>> = {
  HOME: "/root",
  PATH: "/bin:/sbin:/usr/bin:/usr/sbin",
  TERM: "xterm-256color",
};

const encoder = new TextEncoder();

function checkString(what: string, value: string): string {
  if (value.includes("\0")) throw new BridgeError(`${what} ${JSON.stringify(value)} has a NUL: remove it`);
  return `${value}\0`;
}

/** cwd, arguments and environment, each with its NUL. */
function strings(argv: readonly string[], cwd: string, env: readonly string[]): Uint8Array {
  const all = [
    checkString("the folder", cwd),
    ...argv.map((argument) => checkString("the argument", argument)),
    ...env.map((variable) => checkString("the variable", variable)),
  ];
  return encoder.encode(all.join(""));
}

/** A program in the guest. Disposing of it kills it. */
export class Process {
  readonly pid: number;
  /**
   * Read it, or the program waits: at most a window of 256 KiB is kept here. Leaving the loop early closes it,
   * and the program gets SIGPIPE.
   */
  readonly stdout: AsyncIterable<Uint8Array>;
  readonly stderr: AsyncIterable<Uint8Array>;
  /** After both outputs have ended. */
  readonly exited: Promise<Exit>;
  readonly #stream: RemoteStream;
  #writing: Promise<void> = Promise.resolve();

  private constructor(pid: number, stream: RemoteStream, errors: RemoteStream, options: ExecOptions) {
    this.pid = pid;
    this.#stream = stream;
    this.stdout = stream.chunks();
    this.stderr = errors.chunks();
    this.exited = this.#exit(errors, options.signal);
    this.exited.catch(() => {}); // whoever is interested awaits it
  }

  static async start(
    connection: Connection,
    argv: readonly string[],
    options: ExecOptions = {},
  ): Promise<Process> {
    const env = Object.entries({ ...DEFAULT_ENV, ...options.env }).map(([name, value]) => `${name}=${value}`);
    const block = strings(argv, options.cwd ?? "", env);
    const errors = connection.attach();
    const stream = openExec(connection, block.length, argv.length, env.length, errors.id, options);
    const patience = connection.patience(options.signal);
    try {
      const sent = stream.send(block, options.signal);
      const started = await firstOf(stream.reply(`start ${argv[0]}`, patience), sent);
      if (started?.$case !== "started")
        throw new BridgeError(`start ${argv[0]}: the agent answered ${started?.$case}`);
      const process = new Process(started.value.pid, stream, errors, options);
      process.#feed(options.stdin);
      return process;
    } catch (error) {
      stream.cancel(error);
      connection.release(errors);
      throw error;
    }
  }

  /** Resolves when the guest has taken the bytes over; rejects when the program has closed its input. */
  write(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === "string" ? encoder.encode(data) : data;
    const written = this.#writing.then(() => this.#stream.send(bytes));
    this.#writing = written.catch(() => {});
    return written;
  }

  /** End of input, after what was written. */
  async closeStdin(): Promise<void> {
    await this.#writing;
    this.#stream.end();
  }

  /** To the program and its children; nothing if they are gone. */
  kill(signal: SignalName = "SIGTERM"): void {
    if (this.#stream.over) return;
    this.#stream.ask({ $case: "kill", value: { signal: signalNumber(signal) } });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stream.cancel(new BridgeError(`process ${this.pid} was killed because nobody wants it any more`));
    await this.exited.catch(() => {});
  }

  async #exit(errors: RemoteStream, signal: AbortSignal | undefined): Promise<Exit> {
    try {
      const answer = await this.#stream.reply(`exit of process ${this.pid}`, { signal });
      if (answer?.$case !== "exited")
        throw new BridgeError(`process ${this.pid}: the agent answered ${answer?.$case}`);
      return exitOf(answer.value);
    } catch (error) {
      this.#stream.cancel(error);
      errors.fail(error);
      throw error;
    } finally {
      errors.finish();
    }
  }

  #feed(stdin: ExecOptions["stdin"]): void {
    if (stdin === undefined || stdin === "open") return;
    const source = typeof stdin === "string" || stdin instanceof Uint8Array ? [stdin] : stdin;
    const fed = (async () => {
      for await (const part of source) await this.write(part);
      await this.closeStdin();
    })();
    fed.catch(() => {}); // a program need not read all its input
  }
}

function openExec(
  connection: Connection,
  bytes: number,
  argc: number,
  envc: number,
  stderrStream: number,
  options: ExecOptions,
): RemoteStream {
  const { pty, stdin, timeoutMs = 0, idleMs = 0 } = options;
  return connection.open({
    $case: "exec",
    value: {
      argc,
      envc,
      strings: bytes,
      input: stdin !== undefined,
      pty: pty !== undefined,
      rows: pty?.rows ?? 0,
      columns: pty?.columns ?? 0,
      stderrStream,
      timeLimitMs: timeoutMs,
      idleLimitMs: idleMs,
    },
  });
}

/** What `answer` gives; a failure of `sent` alone does not hide the reason that the answer has for it. */
async function firstOf<T>(answer: Promise<T>, sent: Promise<void>): Promise<T> {
  sent.catch(() => {});
  return answer;
}

function exitOf(message: Exited): Exit {
  return {
    code: message.signal === 0 ? message.code : undefined,
    signal: message.signal === 0 ? undefined : signalName(message.signal),
    limit: message.limit === Limit.TIME ? "time" : message.limit === Limit.IDLE ? "idle" : undefined,
    rusage: {
      userUs: Number(message.userUs),
      systemUs: Number(message.systemUs),
      maxRssKib: message.maxRssKib,
      minorFaults: message.minorFaults,
      majorFaults: message.majorFaults,
      voluntarySwitches: message.voluntarySwitches,
      involuntarySwitches: message.involuntarySwitches,
    },
  };
}
