// SPDX-License-Identifier: MIT
// From a key press to the name of a key, as Commands have them, and to what people see.

type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** "Ctrl+K", "Shift+ArrowLeft", "n", "N", "?"; Command on a Mac counts as Ctrl. */
export function keyName({ key, ctrlKey, metaKey, altKey, shiftKey }: Pressed): string {
  const modified = ctrlKey || metaKey;
  const name = key === " " ? "Space" : modified && key.length === 1 ? key.toUpperCase() : key;
  // A character by itself says whether Shift was needed for it.
  const shift = shiftKey && (modified || name.length > 1);
  return `${modified ? "Ctrl+" : ""}${altKey ? "Alt+" : ""}${shift ? "Shift+" : ""}${name}`;
}

const SIGNS: Readonly<Record<string, string>> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Space: "space",
  Escape: "Esc",
};

/** The caps that a person presses together. */
export function keyCaps(key: string): string[] {
  if (/^[A-Z]$/.test(key)) return ["Shift", key];
  return key.split(/(?<=.)\+/).map((cap) => SIGNS[cap] ?? (cap.length === 1 ? cap.toUpperCase() : cap));
}

/** A single character without Ctrl: what may be typed by mistake, and can be turned off. */
export function isSingleCharacter(key: string): boolean {
  return [...key].length === 1 || key === "Space";
}

/** Does the key belong to what has the focus: a field, a terminal, a list of choices? */
export function isTyped(event: Event): boolean {
  return event
    .composedPath()
    .some(
      (target) =>
        target instanceof HTMLInputElement ||
        target instanceof HTMLTextAreaElement ||
        target instanceof HTMLSelectElement ||
        (target instanceof HTMLElement && target.isContentEditable),
    );
}
