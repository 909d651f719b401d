// The service worker: the shell opens without a network. It keeps the files every start needs, answers
// navigations with the kept page, and stays out of the way of everything else: the API is never kept.
// A new version waits until the page tells it to take over.

import "./push";

const worker = self as unknown as ServiceWorkerGlobalScope;
/** All three are written in by the build (build/precache.ts). */
const build = "__BUILD__";
const shell = "__SHELL__".split(" ");
const rest = "__REST__";
const cacheName = `madang-shell-${build}`;
const page = "/index.html";
/** Paths that the server answers itself. */
const served = /^\/(api|files|files-pri|upload|services|oauth|archives|healthz|readyz|metrics|w|h|b|seen\.html)(\/|$)/;

worker.addEventListener("install", (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll([page, ...shell])));
});

worker.addEventListener("activate", (event) => {
  const old = (key: string) => key.startsWith("madang-shell-") && key !== cacheName;
  event.waitUntil(
    caches.keys().then((keys) => Promise.all(keys.filter(old).map((key) => caches.delete(key)))).then(() => worker.clients.claim()),
  );
  // Nothing waits for these.
  void keepLazyScreens();
});

/** The lazy screens too, so that they open without a network and after the server has a newer version. One that
 *  fails comes when it is used. Two at a time: all at once they would hold every connection there is for a while, and what
 *  the person does would wait behind them. */
async function keepLazyScreens(): Promise<void> {
  const cache = await caches.open(cacheName);
  const list = await fetch(rest).then((answer) => (answer.ok ? answer.text() : ""), () => "");
  const paths = list.split(" ").filter(Boolean);
  const some = async () => {
    for (let path = paths.pop(); path; path = paths.pop()) await cache.add(path).catch(() => undefined);
  };
  await Promise.all([some(), some()]);
}

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
  const cache = await caches.open(cacheName);
  const found = await cache.match(key);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok && key === request) void cache.put(request, answer.clone());
  return answer;
}
