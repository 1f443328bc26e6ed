import type { LabToken, StoredZone, World } from './model.ts';
import { Refusal } from './reply.ts';

export type Permission = 'zoneRead' | 'dnsRead' | 'dnsWrite';

type Headers = Record<string, string | string[] | undefined>;

/** The bearer token of a request, or the API's own refusal of malformed or missing headers. */
export function bearerOf(headers: Headers): string {
  if (headers['x-auth-key'] !== undefined || headers['x-auth-email'] !== undefined)
    throw new Refusal(403, 9103, 'Unknown X-Auth-Key or X-Auth-Email');
  if (typeof headers.authorization !== 'string')
    throw new Refusal(400, 9106, 'Missing X-Auth-Key, X-Auth-Email or Authorization headers');
  const [, bearer] = /^Bearer ([A-Za-z0-9_-]{20,})$/.exec(headers.authorization) ?? [];
  if (bearer) return bearer;
  throw new Refusal(400, 6003, 'Invalid request headers', [
    { code: 6111, message: 'Invalid format for Authorization header' },
  ]);
}

/** The token a request carries; codes are those of the real API. */
export function tokenOf(headers: Headers, world: World): LabToken {
  const token = world.tokens.get(bearerOf(headers));
  if (!token) throw new Refusal(403, 9109, 'Invalid access token');
  return token;
}

/** Refuses a token that is not active or lacks `permission` (DNS Write includes DNS Read). */
export function requirePermission(token: LabToken, permission: Permission, zone?: StoredZone): void {
  if (token.status !== 'active') throw new Refusal(403, 9109, 'Invalid access token');
  const granted = token[permission] || (permission === 'dnsRead' && token.dnsWrite);
  const covers = !zone || !token.zones || token.zones.includes(zone.name);
  if (granted && covers) return;
  if (permission === 'zoneRead')
    throw new Refusal(
      403,
      0,
      `Actor 'com.cloudflare.api.token.${token.id}' requires permission 'com.cloudflare.api.account.zone.list' to list zones`,
    );
  throw new Refusal(403, 10000, 'Authentication error');
}

/** The zones a token can see. */
export const visibleZones = (token: LabToken, world: World): StoredZone[] =>
  world.zones.filter((zone) => !token.zones || token.zones.includes(zone.name));
