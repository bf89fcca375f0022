// SPDX-License-Identifier: MIT
// The one registry of what a person can do: keys, palette and help are all drawn from it.

/** Where a key works: "page" everywhere but in fields and terminals, "picture" while the picture has the focus. */
export type Scope = "page" | "picture";

export interface Command {
  readonly id: string;
  /** What it does, beginning with a verb. */
  readonly title: string;
  readonly group: string;
  /** As people write them: "?", "Ctrl+K", "Shift+N", "ArrowLeft", "Space". */
  readonly keys?: readonly string[];
  /** "page" if not said. */
  readonly scope?: Scope;
  /** False while it makes no sense; then neither key nor palette runs it. */
  readonly possible?: () => boolean;
  readonly run: () => void;
}

export class Commands {
  readonly #all: Command[] = [];

  /** Gives back what takes them out again. */
  register(commands: readonly Command[]): () => void {
    for (const command of commands) this.#add(command);
    return () => {
      for (const command of commands) this.#all.splice(this.#all.indexOf(command), 1);
    };
  }

  /** In the order of registration. */
  get all(): readonly Command[] {
    return this.#all;
  }

  get possible(): readonly Command[] {
    return this.#all.filter(isPossible);
  }

  /** Those that a key means, most special scope first. */
  forKey(key: string, inPicture: boolean): Command | undefined {
    const meant = this.#all.filter((command) => command.keys?.includes(key) && isPossible(command));
    const special = meant.find(({ scope }) => scope === "picture");
    return inPicture && special ? special : meant.find(({ scope }) => scope !== "picture");
  }

  #add(command: Command): void {
    if (this.#all.some(({ id }) => id === command.id))
      throw new Error(`there are two commands ${command.id}`);
    for (const key of command.keys ?? []) {
      const taken = this.#all.find(({ keys, scope }) => keys?.includes(key) && scope === command.scope);
      if (taken) throw new Error(`the key ${key} of ${command.id} belongs to ${taken.id}`);
    }
    this.#all.push(command);
  }
}

function isPossible({ possible }: Command): boolean {
  return possible?.() ?? true;
}

/** The commands by their groups, in the order in which the groups appear. */
export function grouped(commands: readonly Command[]): Map<string, Command[]> {
  const groups = new Map<string, Command[]>();
  for (const command of commands) groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  return groups;
}

/** Those that have all the words of `query`, in the order in which they begin early. */
export function matchingCommands(commands: readonly Command[], query: string): Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const text = ({ title, group }: Command) => `${title} ${group}`.toLowerCase();
  const first = words[0] ?? "";
  return commands
    .filter((command) => words.every((word) => text(command).includes(word)))
    .map((command, order) => ({ command, order, at: text(command).indexOf(first) }))
    .sort((a, b) => a.at - b.at || a.order - b.order)
    .map(({ command }) => command);
}
