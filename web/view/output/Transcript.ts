// SPDX-License-Identifier: MIT
// What one program printed, or several one after the other, in order of arrival. Bounded: a program that prints for ever must not fill the page.

export interface Piece {
  /** "command": the line that was run, not anything it printed. */
  readonly from: "command" | "stdout" | "stderr";
  readonly text: string;
}

/** Characters kept; older ones give way. */
const ROOM = 200_000;

export class Transcript {
  readonly pieces: Piece[] = [];
  /** How it ended, in words; null while it runs. */
  ending: string | null = null;
  failed = false;
  /** Characters that had to give way. */
  dropped = 0;
  #size = 0;
  #decoders = newDecoders();

  begin(command: string): void {
    this.#decoders = newDecoders();
    this.#push("command", `$ ${command}\n`);
  }

  add(from: "stdout" | "stderr", bytes: Uint8Array): void {
    this.#push(from, this.#decoders[from].decode(bytes, { stream: true }));
  }

  #push(from: Piece["from"], text: string): void {
    const last = this.pieces.at(-1);
    if (last?.from === from) this.pieces[this.pieces.length - 1] = { from, text: last.text + text };
    else if (text !== "") this.pieces.push({ from, text });
    this.#size += text.length;
    this.#trim();
  }

  end(words: string, failed: boolean): void {
    this.ending = words;
    this.failed = failed;
  }

  #trim(): void {
    let excess = this.#size - ROOM;
    while (excess > 0) {
      const first = this.pieces.shift();
      if (!first) return;
      const kept = first.text.slice(excess);
      if (kept !== "") this.pieces.unshift({ from: first.from, text: kept });
      const gone = first.text.length - kept.length;
      this.#size -= gone;
      this.dropped += gone;
      excess -= gone;
    }
  }
}

function newDecoders(): Readonly<Record<"stdout" | "stderr", TextDecoder>> {
  return { stdout: new TextDecoder(), stderr: new TextDecoder() };
}
