// The service worker: the shell opens without a network. It keeps the files every start needs, answers
// navigations with the kept page, and stays out of the way of everything else: the API is never kept.
// A new version waits until the page tells it to take over.

const worker = self as unknown as ServiceWorkerGlobalScope;
/** Both are written in by the build (build/precache.ts). */
const build = "__BUILD__";
const shell = "__SHELL__".split(" ");
const name = `madang-shell-${build}`;
const page = "/index.html";
/** Paths that the server answers itself. */
const served = /^\/(api|files|services|oauth|healthz|readyz|metrics)(\/|$)/;

worker.addEventListener("install", (event) => {
  event.waitUntil(caches.open(name).then((cache) => cache.addAll([page, ...shell])));
});

worker.addEventListener("activate", (event) => {
  const old = (key: string) => key.startsWith("madang-shell-") && key !== name;
  event.waitUntil(
    caches.keys().then((keys) => Promise.all(keys.filter(old).map((key) => caches.delete(key)))).then(() => worker.clients.claim()),
  );
});

worker.addEventListener("message", (event) => {
  if (event.data === "take over") void worker.skipWaiting();
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin || served.test(url.pathname)) return;
  if (request.mode === "navigate") event.respondWith(kept(page, request));
  else if (url.pathname.startsWith("/assets/")) event.respondWith(kept(request, request));
});

/** The kept answer, else the network's; hashed files never change, so they are kept as they come. */
async function kept(key: string | Request, request: Request): Promise<Response> {
  const cache = await caches.open(name);
  const found = await cache.match(key);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok && key === request) void cache.put(request, answer.clone());
  return answer;
}
