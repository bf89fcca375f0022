// SPDX-License-Identifier: MIT
import { errnoName } from "./errno.ts";

/** Something between host and guest did not work. Its message names what, and what to do. */
export class BridgeError extends Error {
  override readonly name: string = "BridgeError";
}

/** The session ended under a call: line trouble, an agent that died, a guest that was restored. */
export class SessionLostError extends BridgeError {
  override readonly name = "SessionLostError";
}

/** A deadline passed without an answer. */
export class DeadlineError extends BridgeError {
  override readonly name = "DeadlineError";
}

/** The guest said no: a system call's error, or a limit of the agent. */
export class GuestError extends BridgeError {
  override readonly name = "GuestError";
  /** As in Linux on i386. */
  readonly errno: number;
  /** `errno` by name: "ENOENT". */
  readonly code: string;
  /** What the kernel component itself had to say about it, if anything. */
  readonly said: string;

  constructor(errno: number, text: string, said = "") {
    super(text);
    this.errno = errno;
    this.said = said;
    this.code = errnoName(errno);
  }
}
