import { parseHostname } from '#shared/domain/routes/hostname.ts';

/** A route that has a name already. */
export interface TakenName {
  readonly hostname: string;
  readonly appName: string;
}

export type HostnameVerdict =
  | { readonly kind: 'empty' }
  | { readonly kind: 'malformed'; readonly message: string; readonly next: string }
  | { readonly kind: 'taken'; readonly appName: string }
  | { readonly kind: 'free'; readonly hostname: string; readonly zone: string | null };

/** Judges a name as it is typed: its form, then whether another app has it. `zone` is the connector's that holds it. */
export function judgeHostname(text: string, taken: readonly TakenName[], zones: readonly string[]): HostnameVerdict {
  if (text.trim() === '') return { kind: 'empty' };
  const parsed = parseHostname(text);
  if (!parsed.ok) return { kind: 'malformed', message: parsed.error.message, next: parsed.error.next };
  const hostname = parsed.value;
  const other = taken.find((one) => one.hostname === hostname);
  if (other) return { kind: 'taken', appName: other.appName };
  const zone = zones.filter((name) => isWithin(hostname, name)).sort((a, b) => b.length - a.length)[0];
  return { kind: 'free', hostname, zone: zone ?? null };
}

/**
 * Domains a new app may get its name under, the likeliest first: zones that a connector keeps, then what the other
 * routes have behind their first label, the most used first.
 */
export function knownDomains(zones: readonly string[], taken: readonly TakenName[]): string[] {
  const uses = new Map<string, number>();
  for (const { hostname } of taken) {
    const parent = hostname.split('.').slice(1).join('.');
    if (parent.includes('.') || zones.includes(parent)) uses.set(parent, (uses.get(parent) ?? 0) + 1);
  }
  const byUse = (a: string, b: string) => (uses.get(b) ?? 0) - (uses.get(a) ?? 0) || a.localeCompare(b);
  const kept = [...new Set(zones)].sort(byUse);
  const others = [...uses.keys()].filter((domain) => !kept.includes(domain)).sort(byUse);
  return [...kept, ...others];
}

/** Free names to offer for an app: `miniflux.example.com` for each known domain, at most `limit`. */
export function suggestHostnames(
  appName: string,
  zones: readonly string[],
  taken: readonly TakenName[],
  limit = 3,
): string[] {
  const used = new Set(taken.map((one) => one.hostname));
  return knownDomains(zones, taken)
    .map((domain) => `${appName}.${domain}`)
    .filter((name) => !used.has(name) && parseHostname(name).ok)
    .slice(0, limit);
}

function isWithin(hostname: string, zone: string): boolean {
  return hostname === zone || hostname.endsWith(`.${zone}`);
}
