// SPDX-License-Identifier: MIT
// What is committed and what a first visit loads, in bytes, raw and as a static host would compress it.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { IMAGES } from "../../kernel/build/paths.ts";
import { DIST } from "../../web/cli/freshness.ts";
import { type Metrics, metric } from "./metrics.ts";

interface Size {
  readonly raw: number;
  readonly gzip: number;
}

async function sizeOf(folder: string, pick: (name: string) => boolean): Promise<Size> {
  const size = { raw: 0, gzip: 0 };
  for (const name of (await readdir(folder)).filter(pick)) {
    const bytes = await readFile(join(folder, name));
    size.raw += bytes.length;
    size.gzip += gzipSync(bytes, { level: 9 }).length;
  }
  return size;
}

/** Script and style but for v86, which is in the worker, and the terminal. */
function isOwn(name: string): boolean {
  return /\.(js|css)$/.test(name) && !/^(worker|Console)-/.test(name);
}

const bytes = (value: number) => metric([value], "bytes");

export async function size(): Promise<Metrics> {
  const images = await sizeOf(IMAGES, () => true);
  const bundle = await sizeOf(join(DIST, "assets"), (name) => /\.(js|css)$/.test(name));
  const own = await sizeOf(join(DIST, "assets"), isOwn);
  const wasm = await sizeOf(join(DIST, "assets"), (name) => name.endsWith(".wasm"));
  const checkpoint = await sizeOf(join(DIST, "images"), (name) => name === "checkpoint.bin");
  return {
    "images.bytes": bytes(images.raw),
    "images.gzip_bytes": bytes(images.gzip),
    "bundle.bytes": bytes(bundle.raw),
    "bundle.gzip_bytes": bytes(bundle.gzip),
    "bundle.own.gzip_bytes": bytes(own.gzip),
    "wasm.gzip_bytes": bytes(wasm.gzip),
    "checkpoint.gzip_bytes": bytes(checkpoint.raw),
    "visit.gzip_bytes": bytes(bundle.gzip + wasm.gzip + checkpoint.raw),
  };
}
