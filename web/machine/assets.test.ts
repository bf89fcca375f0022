// SPDX-License-Identifier: MIT
import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Loader, sha256 } from "./assets.ts";

const body = new Uint8Array(300_000).map((_, i) => i % 251);
let server: Server;
let base: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    response.statusCode = request.url === "/file" ? 200 : 404;
    response.end(request.url === "/file" ? body : undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  base = `http://127.0.0.1:${address.port}`;
});

afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

test("loads, counts bytes of all assets together, checks the hash", async () => {
  const seen: number[] = [];
  const loader = new Loader({ onProgress: ({ loaded, total }) => seen.push(loaded, total) });
  const asset = { url: `${base}/file`, bytes: body.length, sha256: await sha256(body) };
  const [loaded] = await Promise.all([loader.load("volume", asset), loader.track(1000, Promise.resolve())]);
  expect(Buffer.compare(loaded.data, body)).toBe(0);
  expect(seen.slice(-2)).toEqual([body.length + 1000, body.length + 1000]);
});

test("a missing file and another content are one sentence each", async () => {
  const loader = new Loader({});
  await expect(loader.load("volume", { url: `${base}/gone`, bytes: 1 })).rejects.toThrow(
    `the volume could not be loaded: ${base}/gone answers 404`,
  );
  await expect(loader.load("volume", { data: body, sha256: "0" })).rejects.toThrow(
    "the volume is damaged or another",
  );
});
