import { expect, test } from 'vitest';
import { unwrap, utf8, utf8ToText } from '#shared/kernel/index.ts';
import { plainRows } from '#shared/testing/plain-rows.ts';
import { createScriptedDevice } from '#shared/testing/scripted-device.ts';
import { addScriptedNode } from '#shared/testing/scripted-node.ts';
import { readFleetView } from '../apps/find-app.ts';
import { parseApiToken, prepareCloudflare } from './cloudflare.ts';
import { decideIngress, prepareIngress } from './ingress.ts';
import { planSettings } from './plan-settings.ts';

test('an ingress keeps what a wish leaves alone, and needs a contact for certificates', () => {
  expect(decideIngress(undefined, {})).toMatchObject({
    ok: false,
    error: { code: 'cli.missing-option', field: 'email', next: expect.not.stringContaining('--') },
  });
  const first = unwrap(decideIngress(undefined, { acme: { email: 'me@example.com' }, httpPort: 8080 }));
  expect(first).toMatchObject({ httpPort: 8080, httpsPort: 443, acme: { email: 'me@example.com' } });
  const next = unwrap(decideIngress(first, { httpsPort: 8443, publicAddresses: ['203.0.113.7'] }));
  expect(next).toEqual({ ...first, httpsPort: 8443, publicAddresses: ['203.0.113.7'] });
  expect(unwrap(decideIngress(first, { acme: null })).acme).toBeNull();
  expect(decideIngress(first, { acme: { caServer: 'no url' } })).toMatchObject({
    ok: false,
    error: { field: 'caServer' },
  });
});

test('REL-1: the settings of an ingress are one release of its own, the same one each time', async () => {
  const device = await createScriptedDevice();
  const { context, fleet } = device;
  const { identity: node } = await addScriptedNode(device, 'n1');
  const replica = unwrap(await fleet.replica());
  const prepare = (httpPort: number) =>
    prepareIngress(context, fleet, replica, { node, wish: { acme: null, httpPort }, online: false });
  const first = unwrap(await prepare(80));
  const second = unwrap(await prepare(8080));
  expect(second.settings.appId).toBe(first.settings.appId);
  expect(unwrap(readFleetView(replica)).ingresses).toMatchObject([{ node: node.nodeId, httpPort: 8080 }]);
  const planned = unwrap(await planSettings(context, fleet, second.settings, false));
  expect(planned.base).toBeNull();
  expect(planned.plan.lines.length).toBeGreaterThan(0);
});

test('P7: a Cloudflare token is sealed, kept while a wish leaves it alone, and stands in no row', async () => {
  const device = await createScriptedDevice();
  const { context, fleet } = device;
  const { identity: node } = await addScriptedNode(device, 'n1');
  const replica = unwrap(await fleet.replica());
  const wish = { token: undefined, baseUrl: undefined, zones: [] };
  const prepare = (about: Partial<Parameters<typeof prepareCloudflare>[3]['wish']>) =>
    prepareCloudflare(context, fleet, replica, { node, wish: { ...wish, ...about } });
  expect(await prepare({})).toMatchObject({ ok: false, error: { code: 'cli.missing-option', field: 'token' } });
  const token = parseApiToken(`  ${'cloudflare-canary-0123456789'}\n`);
  const first = unwrap(await prepare({ token }));
  const second = unwrap(await prepare({ zones: ['example.com'] }));
  expect(second.appId).toBe(first.appId);
  expect(second.ownerCopies).toEqual(first.ownerCopies);
  expect(await prepare({ baseUrl: 'no url' })).toMatchObject({ ok: false, error: { field: 'baseUrl' } });
  const plain = await plainRows(fleet.store);
  expect(plain).toContain('example.com');
  expect(plain).not.toContain('canary');
});

test('what is no API token is not taken for one', () => {
  expect(parseApiToken('short')).toBeUndefined();
  expect(parseApiToken('two words that are long enough')).toBeUndefined();
  expect(utf8ToText(parseApiToken('a'.repeat(40)) ?? utf8(''))).toBe('a'.repeat(40));
});
