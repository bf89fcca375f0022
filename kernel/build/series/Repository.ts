// SPDX-License-Identifier: MIT
// A throw-away git repository that holds the touched files alone: enough for format-patch and am, and quick.
// It sees none of the user's settings, so that mails look the same whoever writes them.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run } from "../run.ts";
import type { Files } from "./peel.ts";
import type { Submitter } from "./submitter.ts";

export class Repository implements AsyncDisposable {
  readonly folder: string;
  readonly #env: Record<string, string>;

  private constructor(folder: string, { name, email, date }: Submitter) {
    this.folder = folder;
    this.#env = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
    for (const who of ["AUTHOR", "COMMITTER"])
      Object.assign(this.#env, {
        [`GIT_${who}_NAME`]: name,
        [`GIT_${who}_EMAIL`]: email,
        [`GIT_${who}_DATE`]: date,
      });
  }

  /** A repository with one commit, tagged `base`, that has these files. */
  static async create(submitter: Submitter, base: Files): Promise<Repository> {
    const made = new Repository(await mkdtemp(join(tmpdir(), "ddlab-series-")), submitter);
    await made.git("init", "-q");
    await made.commit(base, "The files that the series touches");
    await made.git("tag", "base");
    return made;
  }

  async git(...args: readonly string[]): Promise<string> {
    return run("git", args, { cwd: this.folder, env: this.#env });
  }

  /** Makes the tree have exactly these files, and commits that. */
  async commit(files: Files, message: string): Promise<void> {
    await this.git("rm", "-rqf", "--ignore-unmatch", ".");
    for (const [path, text] of files) {
      await mkdir(dirname(join(this.folder, path)), { recursive: true });
      await writeFile(join(this.folder, path), text);
    }
    await this.git("add", "-Af");
    await this.git("commit", "-qs", "--cleanup=whitespace", "-m", message);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
