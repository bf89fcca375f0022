// SPDX-License-Identifier: MIT
// Keeps one whole build for use without a network. It knows every file of its build by the hash of its content
// (FILES, put in by web/cli/scripts.ts), so that files of two builds never meet: what it serves is either what its list
// says, or, when the cache was cleared meanwhile and the network has another build, all of it from the network.
//
// The browser compares this script with the server's at each visit. A new build is a new list, hence a new worker:
// it fetches what changed, waits, and takes over when the person says so (Offline.ts).

declare const FILES: Readonly<Record<string, string>>;
declare const self: ServiceWorkerGlobalScope;

/** Contents by hash; a build shares with the one before it what did not change. */
const CACHE = "ddlab";

const files = FILES;
const scope = new URL("./", self.location.href);

function keyOf(hash: string): string {
  return new URL(`.content/${encodeURIComponent(hash)}`, scope).href;
}

/** Where in the build an address points, or undefined: a folder's address means its index.html. */
function pathOf(address: string): string | undefined {
  const url = new URL(address);
  if (!url.href.startsWith(scope.href)) return undefined;
  const path = url.pathname.slice(scope.pathname.length).replace(/(^|\/)index\.html$/, "$1");
  return path in files ? path : undefined;
}

/** Refuses a content other than that of the list: the browser checks the hash. */
async function fetchChecked(path: string, hash: string): Promise<Response> {
  const response = await fetch(new URL(path, scope), { cache: "no-cache", integrity: hash });
  if (!response.ok) throw new Error(`${path} answers ${response.status}`);
  return response;
}

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  await Promise.all(
    Object.entries(files).map(async ([path, hash]) => {
      if (!(await cache.match(keyOf(hash)))) await cache.put(keyOf(hash), await fetchChecked(path, hash));
    }),
  );
}

async function forgetOlder(): Promise<void> {
  const cache = await caches.open(CACHE);
  const kept = new Set(Object.values(files).map(keyOf));
  for (const { url } of await cache.keys()) if (!kept.has(url)) await cache.delete(url);
}

async function answer(request: Request, path: string, hash: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(keyOf(hash));
  if (kept) return kept;
  try {
    const fetched = await fetchChecked(path, hash);
    await cache.put(keyOf(hash), fetched.clone());
    return fetched;
  } catch {
    await caches.delete(CACHE);
    return fetch(request);
  }
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(forgetOlder()));
self.addEventListener("message", (event) => {
  if (event.data === "take over") event.waitUntil(self.skipWaiting());
});
self.addEventListener("fetch", (event) => {
  const path = event.request.method === "GET" ? pathOf(event.request.url) : undefined;
  const hash = path === undefined ? undefined : files[path];
  if (path !== undefined && hash !== undefined) event.respondWith(answer(event.request, path, hash));
});

export {}; // a module: `self` is its own
