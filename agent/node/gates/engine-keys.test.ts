import { expect, test } from 'vitest';
import { checkEngineKeys } from './engine-keys.ts';

const withVolume = (more: object) => ({ services: { web: { volumes: [{ type: 'volume', target: '/d', ...more }] } } });
const subpath = withVolume({ volume: { subpath: 'a' } });
const readOnly = withVolume({ type: 'bind', bind: { recursive: 'readonly' } });
const gateway = { services: { web: { networks: { default: null, front: { gw_priority: 5 } } } } };

test.each([
  ['volume.subpath', subpath, '1.44', '1.45'],
  ['bind.recursive: readonly', readOnly, '1.43', '1.44'],
  ['gw_priority', gateway, '1.47', '1.48'],
])('%s is refused by name where the engine would leave it out', (key, model, older, knows) => {
  const refused = checkEngineKeys(model, older);
  expect(refused).toMatchObject({
    ok: false,
    error: { code: 'engine.too-old', field: 'services.web', detail: { key } },
  });
  expect(checkEngineKeys(model, '1.41').ok).toBe(false);
  expect(checkEngineKeys(model, knows).ok).toBe(true);
  expect(checkEngineKeys(model, '2.0').ok).toBe(true);
});

test('what every engine knows passes on API 1.41', () => {
  expect(checkEngineKeys(withVolume({ volume: { nocopy: true } }), '1.41').ok).toBe(true);
  expect(checkEngineKeys(withVolume({ type: 'bind', bind: { recursive: 'disabled' } }), '1.41').ok).toBe(true);
  expect(checkEngineKeys({ services: { web: { networks: { default: null } } } }, '1.41').ok).toBe(true);
  expect(checkEngineKeys({}, '1.41').ok).toBe(true);
});
