// SPDX-License-Identifier: MIT
// v86 as its authors run it, on a bare page: restore the saved state, ask the shell, wait for the answer. The floor that
// the product's page is measured against. It says the milliseconds since the page was opened.
import { V86 } from "v86";
import wasmUrl from "v86/build/v86.wasm?url";
import { Disk } from "../../../web/machine/Disk.ts";

async function bytesOf(url: string, gzip: boolean): Promise<Uint8Array<ArrayBuffer>> {
  const { body } = await fetch(url);
  if (!body) throw new Error(`${url} is empty`);
  const stream = gzip ? body.pipeThrough(new DecompressionStream("gzip")) : body;
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const [state, volume] = await Promise.all([bytesOf("/state.bin", true), bytesOf("/tux3.img", false)]);

// Typed loosely by v86 itself: a disk of one's own is accepted at run time, not by its declarations.
const options = {
  wasm_path: wasmUrl,
  memory_size: 32 << 20,
  vga_memory_size: 256 << 10,
  hda: new Disk(volume),
  uart1: true,
  net_device: { type: "none" },
  disable_keyboard: true,
  disable_mouse: true,
  disable_speaker: true,
  autostart: true,
  initial_state: { buffer: state.buffer },
};
const emulator = new V86(options as unknown as ConstructorParameters<typeof V86>[0]);
let shown: string | null = "";
emulator.add_listener("serial0-output-byte", (byte: number) => {
  if (shown === null) return;
  shown += String.fromCharCode(byte);
  if (!shown.includes("is-42")) return;
  console.info(`opened in ${performance.now()} ms`);
  shown = null;
});
emulator.add_listener("emulator-loaded", () => emulator.serial0_send("echo is-$((40 + 2))\n"));
