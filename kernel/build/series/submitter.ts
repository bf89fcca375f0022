// SPDX-License-Identifier: MIT
// Who the series is from: whoever runs the command, as git knows them.
import { ROOT } from "../paths.ts";
import { run } from "../run.ts";

export interface Submitter {
  readonly name: string;
  readonly email: string;
  /** Of the newest commit: the same sources give the same mails. */
  readonly date: string;
}

/** For checks, which say nothing about who runs them. */
export const ANYBODY: Submitter = {
  name: "Any Body",
  email: "anybody@example.org",
  date: "2026-01-01T00:00:00Z",
};

const setting = (name: string) =>
  run("git", ["config", name], { cwd: ROOT }).then(
    (text) => text.trim(),
    () => "",
  );

export async function submitter(): Promise<Submitter> {
  const [name, email] = [await setting("user.name"), await setting("user.email")];
  if (!name || !email)
    throw new Error(
      "A patch is signed off by whoever writes it: set git config user.name and user.email, then run this again.",
    );
  const date = await run("git", ["log", "-1", "--format=%cI"], { cwd: ROOT });
  return { name, email, date: date.trim() };
}
