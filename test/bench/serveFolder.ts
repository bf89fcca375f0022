// SPDX-License-Identifier: MIT
// A folder of static files on a free port of localhost.
import { preview } from "vite";
import { ROOT } from "../../kernel/build/paths.ts";

export interface FolderServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

export async function serveFolder(outDir: string): Promise<FolderServer> {
  const server = await preview({
    configFile: false,
    root: ROOT,
    logLevel: "error",
    build: { outDir },
    preview: { host: "localhost", port: 4300 },
  });
  const url = server.resolvedUrls?.local[0];
  if (!url) throw new Error(`no server for ${outDir}`);
  return { url, close: () => server.close() };
}
