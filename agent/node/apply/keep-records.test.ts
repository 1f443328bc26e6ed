import { describe, expect, test } from 'vitest';
import { appBodySchema } from '#shared/domain/apps/index.ts';
import type { DnsPort, DnsRecordWish, OwnDnsRecord } from '#shared/domain/routes/index.ts';
import { err, FaultError, fault, ok } from '#shared/kernel/index.ts';
import { judgeDns } from '../gates/route-gate.ts';
import type { ApplierContext } from './context.ts';
import { keepRecords } from './publish.ts';
import { createStepper } from './steps.ts';

const appId = 'a'.repeat(26);
const connector = 'c'.repeat(26);

/** A DNS provider in memory: what stands there, and what of it is ours. */
function provider(foreign: string[] = []) {
  const own: OwnDnsRecord[] = [];
  const calls: string[] = [];
  const port: DnsPort = {
    test: async () => err(fault('dns.unreachable', 'transient', 'm', 'n')),
    findZone: async () => ok({ id: 'z', name: 'example.com', active: true }),
    ensure: async (wish: DnsRecordWish) => {
      calls.push(`ensure ${wish.name} ${wish.content}`);
      const rest = { mark: 'm', zone: 'example.com', zoneId: 'z', recordId: 'r' };
      if (!own.some((one) => one.name === wish.name)) own.push({ ...wish, ...rest });
      return ok({ recordId: 'r', zone: 'example.com', outcome: 'created' as const });
    },
    remove: async (key) => {
      calls.push(`remove ${key.name}`);
      own.splice(
        own.findIndex((one) => one.name === key.name),
        1,
      );
      return ok('removed' as const);
    },
    look: async (wish) => ok(foreign.includes(wish.name) ? ('clash' as const) : ('absent' as const)),
    list: async () => [...own],
  };
  const dns = { get: (id: string) => (id === connector ? port : undefined), all: () => [port] };
  return { dns, calls };
}

const body = (names: string[], by: string | null = connector) =>
  appBodySchema.parse({
    v: 1,
    kind: 'app',
    name: 'x',
    state: 'running',
    compose: '',
    images: {},
    dns: names.map((name, index) => ({
      routeId: 'bcdef'[index]?.repeat(26),
      connector: by,
      type: 'A',
      name,
      content: '10.0.0.1',
    })),
  });

function keep(dns: ApplierContext['dns'], wanted: ReturnType<typeof body> | null) {
  const told: string[] = [];
  const steps = createStepper((event) => told.push(`${event.state} ${event.text}`), new AbortController().signal);
  return keepRecords({ dns } as ApplierContext, appId, wanted, steps).then(() => told);
}

describe('records of an app', () => {
  test('are made, and those that are no longer wished are removed', async () => {
    const { dns, calls } = provider();
    await keep(dns, body(['a.example.com', 'b.example.com']));
    await keep(dns, body(['a.example.com']));
    await keep(dns, null);
    expect(calls).toEqual([
      ...['ensure a.example.com 10.0.0.1', 'ensure b.example.com 10.0.0.1'],
      ...['remove b.example.com', 'ensure a.example.com 10.0.0.1', 'remove a.example.com'],
    ]);
  });

  test('made by hand are named and not touched', async () => {
    const { dns, calls } = provider();
    expect(await keep(dns, body(['a.example.com'], null))).toEqual(['skipped made by hand: a.example.com A 10.0.0.1']);
    expect(calls).toEqual([]);
  });

  test('P4: a foreign one in the way is refused before anything starts', async () => {
    const { dns, calls } = provider(['a.example.com']);
    expect(await judgeDns(appId, body(['a.example.com']), dns)).toMatchObject({
      ok: false,
      error: { code: 'dns.foreign-record', kind: 'conflict' },
    });
    expect(calls).toEqual([]);
  });

  test('without their connector are a clear fault', async () => {
    const { dns } = provider();
    const other = body(['a.example.com'], 'd'.repeat(26));
    expect(await judgeDns(appId, other, dns)).toMatchObject({ ok: false, error: { code: 'dns.no-connector' } });
    await expect(keep(dns, other)).rejects.toBeInstanceOf(FaultError);
  });
});
