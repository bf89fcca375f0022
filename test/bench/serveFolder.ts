// SPDX-License-Identifier: MIT
// A folder of static files on a free port of localhost.
import { type Plugin, preview } from "vite";
import { ROOT } from "../../kernel/build/paths.ts";

export interface FolderServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** A host keeps its files compressed; to compress each anew would take the processors of what is measured. */
const asTheyAre: Plugin = {
  name: "ddlab-bench-uncompressed",
  configurePreviewServer({ middlewares }) {
    middlewares.use((request, _response, next) => {
      delete request.headers["accept-encoding"];
      next();
    });
  },
};

export async function serveFolder(outDir: string): Promise<FolderServer> {
  const server = await preview({
    configFile: false,
    root: ROOT,
    logLevel: "error",
    plugins: [asTheyAre],
    build: { outDir },
    preview: { host: "localhost", port: 4300 },
  });
  const url = server.resolvedUrls?.local[0];
  if (!url) throw new Error(`no server for ${outDir}`);
  return { url, close: () => server.close() };
}
