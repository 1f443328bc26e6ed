/** What the service worker has to know of a request. */
export interface FetchQuestion {
  readonly method: string;
  readonly url: URL;
  /** The page asks for a document. */
  readonly isNavigation: boolean;
  /** Origin of the service worker itself. */
  readonly origin: string;
  /** Paths that the cache holds. */
  readonly files: ReadonlySet<string>;
}

/**
 * How a request is answered:
 * `leave` the browser does it alone · `cache-first` the name carries a hash, so what is kept is what would come ·
 * `shell` the page: fresh from the core, kept when the core is away · `network-first` the same for other kept files.
 */
export type FetchDecision = 'leave' | 'cache-first' | 'shell' | 'network-first';

const hashed = /^\/assets\//;

/** Decides how a request is answered. What belongs to the core's API is never touched, kept or answered from a cache. */
export function decideFetch({ method, url, isNavigation, origin, files }: FetchQuestion): FetchDecision {
  if (method !== 'GET' || url.origin !== origin) return 'leave';
  if (url.pathname === '/api' || url.pathname.startsWith('/api/')) return 'leave';
  if (hashed.test(url.pathname)) return 'cache-first';
  if (isNavigation) return 'shell';
  return files.has(url.pathname) ? 'network-first' : 'leave';
}

const prefix = 'overseer-web-';

/** Name of the cache of one build. */
export function cacheName(version: string): string {
  return `${prefix}${version}`;
}

/**
 * Of all caches of this origin, in the order they were made, those to delete: ours but for this build's and the one
 * made before it, whose files a page that is still open may ask for.
 */
export function decideOldCaches(names: readonly string[], version: string): string[] {
  const others = names.filter((name) => name.startsWith(prefix) && name !== cacheName(version));
  return others.slice(0, -1);
}
