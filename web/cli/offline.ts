// SPDX-License-Identifier: MIT
// The last step of a build: its service worker, which knows every file of it by its hash.
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { build as viteBuild } from "vite";
import { filesBelow } from "../../kernel/build/content.ts";
import { ROOT } from "../../kernel/build/paths.ts";

const SCRIPT = "sw.js";

/** Every file's address in the build, relative, with its hash as `integrity` has it. */
async function listFiles(folder: string): Promise<Record<string, string>> {
  const list: Record<string, string> = {};
  for (const file of await filesBelow(folder)) {
    const path = relative(folder, file).split(sep).join("/");
    if (path === SCRIPT || path.startsWith(".")) continue;
    const digest = createHash("sha256")
      .update(await readFile(file))
      .digest("base64");
    list[path.replace(/(^|\/)index\.html$/, "$1")] = `sha256-${digest}`;
  }
  return list;
}

/** Writes the service worker of the build that lies in `folder`, whole and final. */
export async function writeServiceWorker(folder: string): Promise<void> {
  const result = await viteBuild({
    configFile: false,
    logLevel: "error",
    define: { FILES: JSON.stringify(await listFiles(folder)) },
    build: {
      write: false,
      target: "es2022",
      lib: { entry: join(ROOT, "web/app/offline/ServiceWorker.ts"), formats: ["es"], fileName: () => SCRIPT },
    },
  });
  const [first] = [result].flat();
  const script = first && "output" in first ? first.output[0].code : undefined;
  if (!script) throw new Error("the service worker could not be built");
  await writeFile(join(folder, SCRIPT), script);
}
