// SPDX-License-Identifier: MIT
// `npm run build`: the page into dist/, with the state of a guest that has just booted.
import { join } from "node:path";
import { argv } from "node:process";
import { pathToFileURL } from "node:url";
import { build as viteBuild } from "vite";
import { ROOT } from "../../kernel/build/paths.ts";
import { DIST, markFresh, sourcesHash } from "./freshness.ts";
import { writeEmbedScript, writeServiceWorker } from "./scripts.ts";

const KIB = 1024;

/** Builds dist/. Without a checkpoint the page still works, more slowly: said in a sentence, not an error. */
export async function build(): Promise<void> {
  const hash = await sourcesHash();
  await viteBuild({ configFile: join(ROOT, "vite.config.ts"), logLevel: "error" }); // its warnings are about v86, which looks for Node
  try {
    const { saveCheckpoint } = await import("./checkpoint.ts");
    const { size } = await saveCheckpoint(join(DIST, "images"));
    console.error(`built dist/ with a saved state of ${Math.round(size / KIB)} KiB`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    console.warn(`No saved state could be made (${why}): the page will boot the guest each time.`);
  }
  await writeEmbedScript(DIST);
  await writeServiceWorker(DIST);
  await markFresh(hash);
}

if (argv[1] && import.meta.url === pathToFileURL(argv[1]).href) await build();
