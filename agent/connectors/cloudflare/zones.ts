import type { Zone } from 'cloudflare/resources/zones/zones';
import type { DnsZone } from '#shared/domain/routes/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { Api } from './api.ts';
import { storedName, zoneCandidates } from './names.ts';
import { type Sleep, withRetry } from './retry.ts';

const ZONES_PER_PAGE = 50;

export interface ZoneFinder {
  find(hostname: string): Promise<Result<DnsZone>>;
  listAll(): Promise<Result<DnsZone[]>>;
  /** To be called when the provider no longer knows a zone id. */
  forget(): void;
}

/**
 * Finds zones by asking for each possible name, longest first: that works with tokens limited to one zone, which may
 * not list all, and needs no paging. `allowed` limits the connector to these zones; empty is all.
 */
export function createZoneFinder(api: Api, allowed: readonly string[], sleep: Sleep): ZoneFinder {
  const known = new Map<string, DnsZone>();
  const mayUse = (name: string) => allowed.length === 0 || allowed.includes(name);

  const listAll = () =>
    withRetry(sleep, async () => {
      const zones = await api.listAll<Zone>((page) =>
        api.client.zones.list({ page, per_page: ZONES_PER_PAGE }, api.requestOptions),
      );
      return zones.ok ? ok(zones.value.map(zoneToDnsZone)) : zones;
    });

  return {
    listAll,
    forget: () => known.clear(),
    async find(hostname) {
      const candidates = zoneCandidates(storedName(hostname) ?? hostname).filter(mayUse);
      for (const name of candidates) {
        const cached = known.get(name);
        if (cached) return ok(cached);
        const found = await withRetry(sleep, () =>
          api.call<unknown>(() => api.client.zones.list({ name }, api.requestOptions)),
        );
        if (!found.ok) return found;
        const zone = (found.value as Zone[]).find((candidate) => candidate.name === name);
        if (!zone) continue;
        const known_ = zoneToDnsZone(zone);
        if (known_.active) known.set(name, known_);
        return ok(known_);
      }
      return err(await zoneNotFound(hostname));
    },
  };

  async function zoneNotFound(hostname: string) {
    const visible = await listAll();
    const names = visible.ok ? visible.value.map((zone) => zone.name).filter(mayUse) : [...allowed];
    const sees = names.length === 0 ? 'The token sees no zone' : `The token sees ${names.join(', ')}`;
    return fault(
      'dns.zone-not-found',
      'permanent',
      `No zone of this Cloudflare account holds ${hostname}. ${sees}.`,
      'Use a hostname in one of these zones, or give the token access to the zone and run the test again.',
      { field: 'hostname' },
    );
  }
}

const zoneToDnsZone = (zone: Zone): DnsZone => ({
  id: zone.id,
  name: zone.name,
  active: zone.status === 'active' && zone.paused !== true,
});
