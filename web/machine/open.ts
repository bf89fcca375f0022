// SPDX-License-Identifier: MIT
/** From a start to a machine, in this realm. */
import { type Loaded, Loader, sha256 } from "./assets.ts";
import { type CheckpointHeader, CheckpointReader, requireSame } from "./Checkpoint.ts";
import { Emulator } from "./Emulator.ts";
import { parseKernelImage } from "./KernelImage.ts";
import { type Blueprint, LocalMachine } from "./LocalMachine.ts";
import {
  type Asset,
  DEFAULT_COMMAND_LINE,
  DEFAULT_HARDWARE,
  type Hardware,
  type MachineStart,
  type OpenOptions,
} from "./Machine.ts";

/** v86.wasm, on its way. */
export interface Engine {
  readonly module: Promise<WebAssembly.Module>;
  /** For the progress bar. */
  readonly bytes: number;
}

export async function open(
  start: MachineStart,
  engine: Engine,
  options: OpenOptions = {},
): Promise<LocalMachine> {
  const loader = new Loader(options);
  const wasm = loader.track(engine.bytes, engine.module);
  const volume = start.volume && loader.load("volume", start.volume);
  const opened = start.checkpoint
    ? restore(start, start.checkpoint, wasm, loader, volume)
    : boot(start, wasm, loader, volume);
  // Whichever fails first is thrown; the others must not fail unheard.
  const [machine] = await Promise.all([opened, wasm, volume]);
  try {
    if (start.replay) await machine.replay(start.replay, options.signal);
    return machine;
  } catch (error) {
    await machine[Symbol.asyncDispose]();
    throw error;
  }
}

async function boot(
  { kernel, commandLine = DEFAULT_COMMAND_LINE, hardware }: MachineStart,
  wasm: Promise<WebAssembly.Module>,
  loader: Loader,
  volume: Promise<Loaded> | undefined,
): Promise<LocalMachine> {
  if (!kernel) throw new Error("nothing to start: neither a kernel nor a checkpoint was given");
  const image = await loader.load("kernel image", kernel);
  const parsed = await parseKernelImage(image.data);
  const parts = await blueprint(
    { ...DEFAULT_HARDWARE, ...hardware },
    commandLine,
    await hashOf(image),
    wasm,
    volume,
  );
  const emulator = await parts.create();
  emulator.boot(parsed, commandLine);
  return new LocalMachine(parts, emulator);
}

async function restore(
  start: MachineStart,
  asset: Asset,
  wasm: Promise<WebAssembly.Module>,
  loader: Loader,
  volume: Promise<Loaded> | undefined,
): Promise<LocalMachine> {
  // Building the emulator takes as long as loading: begun before the checkpoint can say for which hardware.
  const likely = { ...DEFAULT_HARDWARE, ...start.hardware };
  const early = createEarly(likely, wasm, volume);
  try {
    await using saved = await CheckpointReader.open((await loader.load("checkpoint", asset)).data);
    const { header } = saved;
    const parts = await blueprint(header.hardware, header.commandLine, header.kernelSha256, wasm, volume);
    requireSame(header, {
      kernelSha256: start.kernel?.sha256,
      volumeBytes: parts.origin.volumeBytes,
      volumeSha256: parts.origin.volumeSha256,
      hardware: start.hardware ?? {},
    });
    const emulator = sameHardware(likely, header.hardware) ? await early.take() : await parts.create();
    await saved.restoreInto(emulator);
    return new LocalMachine(parts, emulator, header);
  } finally {
    await early.dispose();
  }
}

/** An emulator on its way that may turn out not to be wanted. */
function createEarly(
  hardware: Hardware,
  wasm: Promise<WebAssembly.Module>,
  volume: Promise<Loaded> | undefined,
): { take(): Promise<Emulator>; dispose(): Promise<void> } {
  const creating = Promise.all([wasm, volume]).then(([module, disk]) =>
    Emulator.create(hardware, module, disk?.data),
  );
  creating.catch(() => undefined); // whoever takes it hears of it
  let taken = false;
  return {
    take: () => {
      taken = true;
      return creating;
    },
    dispose: async () => {
      if (!taken) await creating.then((emulator) => emulator.dispose()).catch(() => undefined);
    },
  };
}

function sameHardware(a: Hardware, b: Hardware): boolean {
  return (
    a.memoryBytes === b.memoryBytes &&
    a.mips === b.mips &&
    a.seed === b.seed &&
    a.epochMs === b.epochMs &&
    a.jit === b.jit
  );
}

async function blueprint(
  hardware: Hardware,
  commandLine: CheckpointHeader["commandLine"],
  kernelSha256: string,
  wasm: Promise<WebAssembly.Module>,
  volume: Promise<Loaded> | undefined,
): Promise<Blueprint> {
  const [module, disk] = await Promise.all([wasm, volume]);
  const volumeSha256 = disk ? await hashOf(disk) : "";
  return {
    create: () => Emulator.create(hardware, module, disk?.data),
    origin: { hardware, commandLine, kernelSha256, volumeBytes: disk?.data.length ?? 0, volumeSha256 },
  };
}

async function hashOf({ data, sha256: declared }: Loaded): Promise<string> {
  return declared ?? (await sha256(data));
}
