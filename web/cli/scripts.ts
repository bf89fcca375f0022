// SPDX-License-Identifier: MIT
// The scripts of a build whose names never change, because others know them: embed.js, and last of all sw.js, the
// service worker, which knows every file of its build by its hash.
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { build as viteBuild } from "vite";
import { filesBelow } from "../../kernel/build/content.ts";
import { ROOT } from "../../kernel/build/paths.ts";

/** One source with all it imports as one script. */
async function bundle(entry: string, format: "es" | "iife", define: Record<string, string>): Promise<string> {
  const result = await viteBuild({
    configFile: false,
    logLevel: "error",
    define,
    build: {
      write: false,
      target: "es2022",
      lib: { entry: join(ROOT, entry), formats: [format], name: "ddlabScript", fileName: () => "script.js" },
    },
  });
  const [first] = [result].flat();
  const script = first && "output" in first ? first.output[0].code : undefined;
  if (!script) throw new Error(`${entry} could not be built`);
  return script;
}

/** The element for other people's pages. */
export async function writeEmbedScript(folder: string): Promise<void> {
  await writeFile(join(folder, "embed.js"), await bundle("web/app/embed/DdLab.ts", "iife", {}));
}

/** Every file's address in the build, relative, with its hash as `integrity` has it. */
async function listFiles(folder: string): Promise<Record<string, string>> {
  const list: Record<string, string> = {};
  for (const file of await filesBelow(folder)) {
    const path = relative(folder, file).split(sep).join("/");
    if (path === "sw.js" || path.startsWith(".")) continue;
    const digest = createHash("sha256")
      .update(await readFile(file))
      .digest("base64");
    list[path.replace(/(^|\/)index\.html$/, "$1")] = `sha256-${digest}`;
  }
  return list;
}

/** For the build that lies in `folder`, whole and final. */
export async function writeServiceWorker(folder: string): Promise<void> {
  const define = { FILES: JSON.stringify(await listFiles(folder)) };
  await writeFile(join(folder, "sw.js"), await bundle("web/app/offline/ServiceWorker.ts", "es", define));
}
