/** The service worker: keeps the page and the model in the browser's cache, so that it works offline. */

// tools/browser_page.py puts the digest of all files here
const VERSION = "pokecolor-__VERSION__";
/** What the page needs before it asks for the model. */
const FIRST = "__FILES__";

interface Waiting {
  waitUntil(promise: Promise<unknown>): void;
}
interface Fetching extends Event {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
const worker = self as unknown as {
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  addEventListener(kind: string, listen: (event: never) => void): void;
};

worker.addEventListener("install", (event: Waiting) => {
  const kept = caches.open(VERSION).then((cache) => cache.addAll(FIRST.split("\n")));
  event.waitUntil(kept.then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event: Waiting) => {
  const old = caches.keys().then((names) => Promise.all(names.map((name) => name !== VERSION && caches.delete(name))));
  event.waitUntil(old.then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (event: Fetching) => {
  const { request } = event;
  if (request.method === "GET" && request.url.startsWith(location.origin)) event.respondWith(answer(request));
});

async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(VERSION);
  // all addresses within the page are the page
  const found = await cache.match(request.mode === "navigate" ? "./" : request, { ignoreSearch: true });
  if (found) return found;
  const fetched = await fetch(request);
  if (fetched.status === 200) await cache.put(request, fetched.clone());
  return fetched;
}
