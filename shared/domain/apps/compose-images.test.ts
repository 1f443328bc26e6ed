import { expect, test } from 'vitest';
import { setComposeImages } from './compose-images.ts';

const COMPOSE = `# mine
services:
  web:   # the page
    image: "lab/web:1"   # pinned by hand
    command: [ "a" ]
  db: { image: postgres:17, volumes: [data:/data] }
volumes:
  data:
`;

test('only the named references change; all else stays byte for byte', () => {
  expect(setComposeImages(COMPOSE, { web: 'lab/web:2', db: 'postgres:18@sha256:ab' })).toEqual({
    ok: true,
    value: COMPOSE.replace('"lab/web:1"', 'lab/web:2').replace('postgres:17', 'postgres:18@sha256:ab'),
  });
  expect(setComposeImages(COMPOSE, {})).toEqual({ ok: true, value: COMPOSE });
});

test.each([
  ['an unknown service', COMPOSE, { api: 'lab/api:1' }],
  ['a service without an image', 'services:\n  web:\n    build: .\n', { web: 'lab/web:1' }],
  ['no Compose file', '', { web: 'lab/web:1' }],
  ['a reference that would be more than one', COMPOSE, { web: 'lab/web:1\n    privileged: true' }],
  ['a reference that is looked up elsewhere', COMPOSE, { web: '$IMAGE' }],
])('%s is refused', (_what, compose, images) => {
  expect(setComposeImages(compose, images)).toMatchObject({ ok: false, error: { code: 'compose.no-image' } });
});
