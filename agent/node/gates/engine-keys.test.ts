import { expect, test } from 'vitest';
import type { ResolvedModel } from '#shared/domain/policies/index.ts';
import { checkEngineKeys } from './engine-keys.ts';

const check = (model: ResolvedModel, apiVersion: string) => checkEngineKeys(model, async () => apiVersion);
const withVolume = (more: object) => ({ services: { web: { volumes: [{ type: 'volume', target: '/d', ...more }] } } });
const subpath = withVolume({ volume: { subpath: 'a' } });
const readOnly = withVolume({ type: 'bind', bind: { recursive: 'readonly' } });
const gateway = { services: { web: { networks: { default: null, front: { gw_priority: 5 } } } } };

test.each([
  ['volume.subpath', subpath, '1.44', '1.45'],
  ['bind.recursive: readonly', readOnly, '1.43', '1.44'],
  ['gw_priority', gateway, '1.47', '1.48'],
])('%s is refused by name where the engine would leave it out', async (key, model, older, knows) => {
  const refused = await check(model, older);
  expect(refused).toMatchObject({
    ok: false,
    error: { code: 'engine.too-old', field: 'services.web', detail: { key } },
  });
  expect((await check(model, '1.41')).ok).toBe(false);
  expect((await check(model, knows)).ok).toBe(true);
  expect((await check(model, '2.0')).ok).toBe(true);
});

test('what every engine knows passes, and no engine is asked', async () => {
  const asked = () => Promise.reject(new Error('the engine was asked'));
  for (const model of [
    withVolume({ volume: { nocopy: true } }),
    withVolume({ type: 'bind', bind: { recursive: 'disabled' } }),
    { services: { web: { networks: { default: null } } } },
    {},
  ])
    expect(await checkEngineKeys(model, asked)).toMatchObject({ ok: true });
});
