/** Whether a page may go to an address by itself: only within our own origins, which is a reload. */
export function decideNavigation(url: string, ownOrigins: readonly string[]): 'stay' | 'go' {
  if (!URL.canParse(url)) return 'stay';
  const parsed = new URL(url);
  if (parsed.username || parsed.password) return 'stay';
  // URL gives custom schemes the origin "null": it is put together by hand.
  return ownOrigins.includes(`${parsed.protocol}//${parsed.host}`) ? 'go' : 'stay';
}

/**
 * A8-31: whether the person's browser may open an address that a page asks for: https, and plain http only where one of
 * the fleet's own routes is served so. Files, network shares and other programs' schemes never.
 */
export function decideExternal(url: string, routeUrls: Iterable<string>): boolean {
  if (url.length > 2_048 || !URL.canParse(url)) return false;
  const parsed = new URL(url);
  if (parsed.username || parsed.password || parsed.hostname === '') return false;
  if (parsed.protocol === 'https:') return true;
  if (parsed.protocol !== 'http:') return false;
  for (const route of routeUrls) if (URL.canParse(route) && new URL(route).origin === parsed.origin) return true;
  return false;
}
