// SPDX-License-Identifier: MIT
// The page's side of working without a network: has the build kept, and says when there is a newer one.

/** Calls `offer` when a newer build lies ready; what it is given puts that in the place of this page's. */
export async function keepOffline(offer: (accept: () => void) => void): Promise<void> {
  // Not over plain http from another computer, not in every private window; an embedded page is a guest itself.
  if (!import.meta.env.PROD || !("serviceWorker" in navigator) || window.top !== window) return;
  try {
    const registration = await navigator.serviceWorker.register("./sw.js");
    watch(registration, offer);
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) registration.update().catch(() => {}); // no network: then there is no newer one
    });
  } catch {
    // Without it the page works as long as there is a network.
  }
}

function watch(registration: ServiceWorkerRegistration, offer: (accept: () => void) => void): void {
  const offered = new WeakSet<ServiceWorker>();
  const look = () => {
    const { waiting } = registration;
    // The first build ever waits for nobody.
    if (!waiting || !navigator.serviceWorker.controller || offered.has(waiting)) return;
    offered.add(waiting);
    offer(() => takeOver(waiting));
  };
  look();
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", look);
  });
}

function takeOver(waiting: ServiceWorker): void {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  waiting.postMessage("take over");
}
