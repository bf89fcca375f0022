// SPDX-License-Identifier: MIT
// `npm start [-- --port N]`: builds the page when its sources changed, serves the build on localhost, prints its address.
import { parseArgs } from "node:util";
import { preview } from "vite";
import { build } from "./build.ts";
import { HEADERS } from "./contentPolicy.ts";
import { isFresh } from "./freshness.ts";

function parsePort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new Error(`--port ${text}: not a port number; give one from 1 to 65535`);
}

/** Serves dist/. The address is the first line that starts with "http". */
export async function serve(port?: number): Promise<void> {
  if (!(await isFresh())) await build();
  const server = await preview({
    preview: {
      host: "localhost",
      port: port ?? 4173,
      strictPort: port !== undefined,
      open: false,
      headers: { ...HEADERS },
    },
    logLevel: "warn",
  });
  const url = server.resolvedUrls?.local[0];
  if (!url) throw new Error("the server has no address on localhost");
  console.log(`ddlab is at\n${url}\n(Ctrl-C ends it)`);
}

const { values } = parseArgs({ options: { port: { type: "string" } } });
await serve(parsePort(values.port)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
