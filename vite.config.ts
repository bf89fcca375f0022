// SPDX-License-Identifier: MIT
// The page (root web/) and the unit and guest tests. All addresses are relative: any static host, any sub-path.
import { createReadStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { CONTENT_POLICY } from "./web/cli/contentPolicy.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const images = join(here, "images");

/** Serves images/ beside the page in development and copies it into the build. */
function guestImages(): Plugin {
  return {
    name: "ddlab-guest-images",
    configureServer(server) {
      server.middlewares.use("/images", (request, response) => {
        const path = join(images, basename(new URL(request.url ?? "/", "http://localhost").pathname));
        createReadStream(path)
          .on("error", () => response.writeHead(404).end())
          .pipe(response);
      });
    },
    async generateBundle() {
      for (const name of await readdir(images))
        this.emitFile({
          type: "asset",
          fileName: `images/${name}`,
          source: await readFile(join(images, name)),
        });
    },
  };
}

/** Puts the policy into the page: any static host serves it then. The development server injects styles and code. */
function contentPolicy(): Plugin {
  return {
    name: "ddlab-content-policy",
    apply: "build",
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: CONTENT_POLICY },
        injectTo: "head-prepend",
      },
    ],
  };
}

/**
 * For V8: what the page runs at once is compiled while it is being loaded, by another thread. Else each function is
 * compiled when it is first called, many of them between the first events and the first picture.
 */
function compileAhead({ name }: { readonly name: string }): string {
  return name === "main" ? "//# allFunctionsCalledOnLoad" : "";
}

const common = { root: here, environment: "node" as const };

export default defineConfig({
  root: join(here, "web"),
  base: "./",
  plugins: [guestImages(), contentPolicy()],
  build: {
    outDir: join(here, "dist"),
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false }, // every browser that has what the page needs has that too
    rolldownOptions: {
      input: ["web/index.html", "web/examples/index.html"].map((path) => join(here, path)),
      output: { postBanner: compileAhead },
    },
  },
  worker: { format: "es" },
  test: {
    projects: [
      {
        test: {
          ...common,
          name: "unit",
          include: ["{web,kernel,test/bench,test/unit}/**/*.test.ts"],
        },
      },
      {
        // Real kernels in emulators: one at a time, minutes each.
        test: {
          ...common,
          name: "guest",
          include: ["test/guest/**/*.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
      {
        // What takes too long for every day: see test/deep/run.ts.
        test: { ...common, name: "deep", include: ["test/deep/**/*.test.ts"], fileParallelism: false },
      },
    ],
  },
});
