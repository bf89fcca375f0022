// SPDX-License-Identifier: MIT
/** Linux signal names by number, from 1. */
const NAMES = [
  "SIGHUP",
  "SIGINT",
  "SIGQUIT",
  "SIGILL",
  "SIGTRAP",
  "SIGABRT",
  "SIGBUS",
  "SIGFPE",
  "SIGKILL",
  "SIGUSR1",
  "SIGSEGV",
  "SIGUSR2",
  "SIGPIPE",
  "SIGALRM",
  "SIGTERM",
  "SIGSTKFLT",
  "SIGCHLD",
  "SIGCONT",
  "SIGSTOP",
  "SIGTSTP",
  "SIGTTIN",
  "SIGTTOU",
] as const;

export type SignalName = (typeof NAMES)[number];

export function signalName(number: number): string {
  return NAMES[number - 1] ?? `signal ${number}`;
}

export function signalNumber(name: SignalName): number {
  return NAMES.indexOf(name) + 1;
}
