// SPDX-License-Identifier: MIT
// Takes key presses to commands. Keys that are single characters can be turned off, for those who dictate.

import type { Commands } from "../view/palette/Commands.ts";
import { isSingleCharacter, isTyped, keyName } from "../view/palette/keys.ts";

const STORED = "ddlab.singleKeys";
/** These do something of their own with Enter and Space. */
const PRESSED = "button, summary, a";

export class Keyboard {
  readonly #commands: Commands;
  readonly #blocked: () => boolean;

  /** `blocked`: a dialog is open and keys are its own. */
  constructor(commands: Commands, blocked: () => boolean) {
    this.#commands = commands;
    this.#blocked = blocked;
  }

  get singleKeys(): boolean {
    return stored() !== "off";
  }

  set singleKeys(on: boolean) {
    try {
      localStorage.setItem(STORED, on ? "on" : "off");
    } catch {
      // Without storage the choice lasts as long as the page.
      remembered = on ? "on" : "off";
    }
  }

  readonly handle = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || this.#blocked() || inConsole(event)) return;
    const key = keyName(event);
    if (this.#isForAnother(event, key)) return;
    const command = this.#commands.forKey(key, inPicture(event));
    if (!command) return;
    event.preventDefault();
    command.run();
  };

  #isForAnother(event: KeyboardEvent, key: string): boolean {
    if (isTyped(event)) return !event.ctrlKey && !event.metaKey && !/^F\d+$/.test(key);
    if ((key === "Space" || key === "Enter") && isPressed(event)) return true;
    return isSingleCharacter(key) && !this.singleKeys;
  }
}

let remembered: string | null = null;

function stored(): string | null {
  try {
    return localStorage.getItem(STORED) ?? remembered;
  } catch {
    return remembered;
  }
}

function isPressed(event: Event): boolean {
  const [target] = event.composedPath();
  return target instanceof Element && target.matches(PRESSED);
}

function inPicture(event: Event): boolean {
  return within(event, "dd-flow-picture");
}

function inConsole(event: Event): boolean {
  return within(event, "dd-console");
}

function within(event: Event, name: string): boolean {
  return event.composedPath().some((target) => target instanceof Element && target.localName === name);
}
