import type { DnsCapability, DnsTestReport, DnsZone } from '#shared/domain/routes/index.ts';
import { err, type Fault, fault, ok, type Random, type Result, toHex } from '#shared/kernel/index.ts';
import type { Api } from './api.ts';
import { type Sleep, withRetry } from './retry.ts';
import type { ZoneFinder } from './zones.ts';

/** Three calls a zone; Cloudflare blocks a token for five minutes after 1200. The owner may name zones to try others. */
const MOST_ZONES_TRIED = 20;

interface Verified {
  capability: DnsCapability;
  expiresAt: string | null;
}

export interface CapabilityOptions {
  api: Api;
  zones: ZoneFinder;
  /** Zones the owner named; empty: every zone the token sees. */
  wanted: readonly string[];
  accountId: string | null;
  random: Random;
  sleep: Sleep;
}

/** Tries what the connector will do. `verify` proves only that the token lives, so each permission is tried by itself. */
export async function testCapabilities(options: CapabilityOptions): Promise<Result<DnsTestReport>> {
  const verified = await verifyToken(options);
  if (!verified.ok) return verified;
  const capabilities = [verified.value.capability];
  const tokenExpiresAt = verified.value.expiresAt;
  if (!verified.value.capability.ok) return ok({ ok: false, capabilities, zones: [], tokenExpiresAt });
  const zones = await readZones(options);
  if (!zones.ok) {
    if (zones.error.kind === 'transient') return zones;
    capabilities.push(missing('zone-read', options.wanted.join(', ') || null, 'Zone:Read', zones.error));
    return ok({ ok: false, capabilities, zones: [], tokenExpiresAt });
  }
  const absent = options.wanted.filter((name) => !zones.value.some((zone) => zone.name === name));
  for (const zone of absent)
    capabilities.push({
      ...can('zone-read', zone, ''),
      ok: false,
      missing: 'Zone:Read',
      message: `The token does not see the zone ${zone}.`,
    });
  if (zones.value.length === 0 && absent.length === 0)
    capabilities.push({
      ...can('zone-read', null, ''),
      ok: false,
      missing: 'Zone:Read',
      message: 'The token sees no zone at all.',
    });
  for (const zone of zones.value.slice(0, MOST_ZONES_TRIED)) {
    const tried = await tryZone(options, zone);
    if (!tried.ok) return tried;
    capabilities.push(...tried.value);
  }
  return ok({
    ok: capabilities.every((capability) => capability.ok),
    capabilities,
    zones: zones.value.map((zone) => zone.name),
    tokenExpiresAt,
  });
}

/** Tokens of a user and of an account are verified at different addresses, and each is unknown at the other's. */
async function verifyToken({ api, accountId, sleep }: CapabilityOptions): Promise<Result<Verified>> {
  const asUser = await withRetry(sleep, () => api.call(() => api.client.user.tokens.verify(api.requestOptions)));
  if (asUser.ok) return ok(verifiedOf(asUser.value));
  if (asUser.error.kind === 'transient') return asUser;
  const accounts = accountId === null ? await listAccounts(api, sleep) : ok([accountId]);
  for (const account_id of accounts.ok ? accounts.value : []) {
    const asAccount = await withRetry(sleep, () =>
      api.call(() => api.client.accounts.tokens.verify({ account_id }, api.requestOptions)),
    );
    if (asAccount.ok) return ok(verifiedOf(asAccount.value));
    if (asAccount.error.kind === 'transient') return asAccount;
  }
  return ok({ capability: { ...can('token', null, ''), ok: false, message: asUser.error.message }, expiresAt: null });
}

async function listAccounts(api: Api, sleep: Sleep): Promise<Result<string[]>> {
  const accounts = await withRetry(sleep, () =>
    api.call<unknown>(() => api.client.accounts.list({}, api.requestOptions)),
  );
  return accounts.ok ? ok((accounts.value as { id: string }[]).map((account) => account.id)) : accounts;
}

function verifiedOf(token: { status: string; expires_on?: string }): Verified {
  const ok_ = token.status === 'active';
  const message = ok_ ? 'The token is active.' : `The token is ${token.status}.`;
  return { capability: { ...can('token', null, message), ok: ok_ }, expiresAt: token.expires_on ?? null };
}

async function readZones({ zones, wanted }: CapabilityOptions): Promise<Result<DnsZone[]>> {
  if (wanted.length === 0) return zones.listAll();
  const found: DnsZone[] = [];
  for (const name of wanted) {
    const zone = await zones.find(name);
    if (zone.ok && zone.value.name === name) found.push(zone.value);
    if (!zone.ok && zone.error.code !== 'dns.zone-not-found') return zone;
  }
  return ok(found);
}

async function tryZone({ api, random, sleep }: CapabilityOptions, zone: DnsZone): Promise<Result<DnsCapability[]>> {
  const inactive = zone.active ? '' : ' Cloudflare does not answer for it yet: set its name servers at your registrar.';
  const done = [can('zone-read', zone.name, `The zone ${zone.name} is visible.${inactive}`)];
  const list = () => api.client.dns.records.list({ zone_id: zone.id, per_page: 1 }, api.requestOptions);
  const read = await withRetry(sleep, () => api.call<unknown>(list));
  if (!read.ok && read.error.kind === 'transient') return read;
  done.push(
    read.ok
      ? can('dns-read', zone.name, 'Records can be read.')
      : missing('dns-read', zone.name, 'DNS:Read', read.error),
  );
  // Editing a record that cannot exist (a random id) changes nothing; a token without the right is refused before that.
  const nobody = toHex(random.bytes(16));
  const edit = () =>
    api.client.dns.records.edit(
      nobody,
      { zone_id: zone.id, type: 'A', name: zone.name, ttl: 1, comment: 'ov1:test' },
      api.requestOptions,
    );
  const write = await withRetry(sleep, () => api.call(edit));
  if (write.ok) return err(unexpected(zone));
  if (write.error.kind === 'transient') return write;
  const denied = write.error.kind === 'denied';
  done.push(
    denied
      ? missing('dns-write', zone.name, 'DNS:Edit', write.error)
      : can('dns-write', zone.name, 'Records can be written.'),
  );
  return ok(done);
}

const can = (name: DnsCapability['name'], zone: string | null, message: string): DnsCapability => ({
  name,
  zone,
  ok: true,
  message,
  missing: null,
});

const missing = (name: DnsCapability['name'], zone: string | null, permission: string, why: Fault): DnsCapability => ({
  name,
  zone,
  ok: false,
  message: `${why.message} Add the permission ${permission}${zone === null ? '' : ` for ${zone}`} to the token.`,
  missing: permission,
});

const unexpected = (zone: DnsZone): Fault =>
  fault(
    'dns.provider-failed',
    'permanent',
    `The API accepted an edit of a record that does not exist in ${zone.name}.`,
    'Check the base address of the connector: this is not Cloudflare.',
  );
