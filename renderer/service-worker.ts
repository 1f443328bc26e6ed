/**
 * Keeps the screens for when the core is away. It holds the files of one build and nothing else: what the person sees
 * in them comes from the replica on this device. Built by build/web/build-service-worker.ts.
 */
import { cacheName, decideFetch, decideOldCaches } from './offline/decide-fetch.ts';
import type { NewVersionMessage, Precache } from './offline/precache.ts';

declare const self: ServiceWorkerGlobalScope;
/** Written in by the build. */
declare const PRECACHE: Precache;

const shell = '/index.html';
/** A core that has not begun to answer by then is treated as away; the page must not wait for a TCP timeout. */
const patienceMs = 2_500;
const files = new Set(PRECACHE.files);

self.addEventListener('install', (event) => event.waitUntil(keepBuild()));
self.addEventListener('activate', (event) => event.waitUntil(takeOver()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const decision = decideFetch({
    method: request.method,
    url: new URL(request.url),
    isNavigation: request.mode === 'navigate',
    origin: self.location.origin,
    files,
  });
  if (decision === 'cache-first') event.respondWith(cacheFirst(request));
  if (decision === 'shell') event.respondWith(networkFirst(request, shell));
  if (decision === 'network-first') event.respondWith(networkFirst(request, new URL(request.url).pathname));
});

async function keepBuild(): Promise<void> {
  const cache = await caches.open(cacheName(PRECACHE.version));
  await cache.addAll(PRECACHE.files.map((path) => new Request(path, { cache: 'no-cache' })));
  // No waiting for old pages to close: they find their own files in the cache that stays.
  await self.skipWaiting();
}

async function takeOver(): Promise<void> {
  const old = decideOldCaches(await caches.keys(), PRECACHE.version);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
  const message: NewVersionMessage = { type: 'new-version', version: PRECACHE.version, entry: PRECACHE.entry };
  for (const client of await self.clients.matchAll({ type: 'window' })) client.postMessage(message);
}

async function cacheFirst(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

/** What came from the network is not kept: page and assets of the cache must stay one build. */
async function networkFirst(request: Request, path: string): Promise<Response> {
  const kept = () => caches.open(cacheName(PRECACHE.version)).then((cache) => cache.match(path));
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(patienceMs) });
    if (answer.status < 500) return answer;
    return (await kept()) ?? answer;
  } catch (error) {
    const found = await kept();
    if (found === undefined) throw error;
    return found;
  }
}
