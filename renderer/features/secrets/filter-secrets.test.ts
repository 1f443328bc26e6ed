import { expect, it } from 'vitest';
import type { SecretRow } from '#shared/contracts/ipc/index.ts';
import { filterSecrets } from './filter-secrets.ts';

const secret = (about: Partial<SecretRow>): SecretRow => ({
  id: 'a',
  appId: 'b',
  appName: 'feeds',
  name: 'db-password',
  version: 1,
  uses: [],
  edited: false,
  old: null,
  readBy: [],
  canReveal: true,
  ...about,
});

it('finds secrets by name, app, service and variable, every word of it', () => {
  const secrets = [
    secret({ uses: [{ as: 'env', service: 'web', env: 'DATABASE_URL' }] }),
    secret({ name: 'token', appName: 'wiki', uses: [{ as: 'file', service: 'app', path: '/run/secrets/token' }] }),
  ];
  const found = (text: string) => filterSecrets(secrets, text).map((one) => one.name);
  expect(found('')).toEqual(['db-password', 'token']);
  expect(found('WIKI')).toEqual(['token']);
  expect(found('database feeds')).toEqual(['db-password']);
  expect(found('database wiki')).toEqual([]);
  expect(found('/run/secrets')).toEqual(['token']);
});
