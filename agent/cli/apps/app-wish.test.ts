import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AppView } from '#shared/domain/apps/index.ts';
import { systemRandom, unwrap, utf8ToText } from '#shared/kernel/index.ts';
import { createFolderCatalog } from '#shared/node/catalog.ts';
import { temporaryFolder } from '#shared/testing/temporary-folder.ts';
import { createVerbInput } from '../options.ts';
import { readAppWish } from './app-wish.ts';

function read(options: Record<string, unknown>, present?: AppView, secretValues = new Map<string, string>()) {
  const input = createVerbInput(['feeds'], options);
  return readAppWish(input, { catalog: createFolderCatalog(), random: systemRandom, present, secretValues });
}

function file(content: string): string {
  const path = join(temporaryFolder(), 'file');
  writeFileSync(path, content);
  return path;
}

const COMPOSE = `services:
  web: # the page
    image: lab/web:1
    secrets: [token]
secrets:
  token: { file: ./token }
`;

test('a catalogue app brings its stack, secrets, route and name', async () => {
  const wish = unwrap(await read({ catalog: 'miniflux', host: 'Feeds.Example.com' }));
  expect(wish.source).toMatchObject({ kind: 'catalog', id: 'miniflux' });
  expect(wish.route).toMatchObject({ hostname: 'feeds.example.com', service: 'miniflux', port: 8080 });
  expect([...wish.secrets.keys()]).toContain('admin_password');
  expect([...wish.env.values()].join()).toContain('eeds.');
});

test('P5: rendered again, a catalogue app keeps the secrets it has', async () => {
  const first = unwrap(await read({ catalog: 'miniflux' }));
  const values = new Map([...first.secrets].map(([name, { value }]) => [name, utf8ToText(value)]));
  const again = unwrap(await read({ catalog: 'miniflux', input: ['log_level=debug'] }, undefined, values));
  expect(new Map([...again.secrets].map(([name, { value }]) => [name, utf8ToText(value)]))).toEqual(values);
  expect(again.env.get('LOG_LEVEL')).toBe('debug');
});

test('P7: a Compose file loses its secrets section; where each goes is kept, comments too', async () => {
  const wish = unwrap(await read({ compose: file(COMPOSE), secretFile: [`token=${file('a value\n')}`] }));
  expect(wish.compose).not.toContain('secrets');
  expect(wish.compose).toContain('# the page');
  const token = wish.secrets.get('token');
  expect(utf8ToText(token?.value ?? new Uint8Array())).toBe('a value\n');
  expect(token?.uses).toEqual([{ as: 'file', service: 'web', path: '/run/secrets/token' }]);
});

test('a use given by hand wins over the one in the Compose file', async () => {
  const secretFile = [`token=${file('x')}`];
  const uses = async (use: string) => {
    const wish = await read({ compose: file(COMPOSE), secretFile, secretUse: [use] });
    return wish.ok ? wish.value.secrets.get('token')?.uses : wish.error.code;
  };
  expect(await uses('token=web:TOKEN')).toEqual([{ as: 'env', service: 'web', env: 'TOKEN' }]);
  expect(await uses('token=web:/etc/token')).toEqual([{ as: 'file', service: 'web', path: '/etc/token' }]);
  expect(await uses('token=web')).toBe('cli.bad-option');
});

test('a Compose file without secrets stays byte for byte as it was written', async () => {
  const text = 'services:\n  web:   { image: "lab/web:1" }   # odd   spacing\n';
  expect(unwrap(await read({ compose: file(text) })).compose).toBe(text);
});

test.each([
  [{}, 'cli.missing-option', '--catalog'],
  [{ catalog: 'miniflux', compose: 'x' }, 'cli.bad-option', '--compose'],
  [{ catalog: 'minifux' }, 'catalog.unknown-app', '--catalog'],
  [{ catalog: 'miniflux', input: ['log_lvel=x'] }, 'catalog.bad-input', 'inputs.log_lvel'],
  [{ catalog: 'miniflux', host: 'not a name' }, 'cli.bad-option', '--host'],
  [{ catalog: 'miniflux', port: '70000' }, 'cli.bad-option', '--port'],
  [{ catalog: 'miniflux', dns: 'maybe' }, 'cli.bad-option', '--dns'],
  [{ catalog: 'miniflux', env: ['NOVALUE'] }, 'cli.bad-option', '--env'],
  [{ catalog: 'miniflux', allow: ['capability:web:NET_ADMIN'] }, 'cli.missing-option', '--reason'],
  [{ catalog: 'miniflux', allow: ['privileged:web:true'] }, 'exception.impossible', 'rule'],
  [{ catalog: 'miniflux', allow: ['no-such:web:true'] }, 'exception.unknown-rule', 'rule'],
  [{ catalog: 'miniflux', allow: ['privileged'], reason: 'why' }, 'cli.bad-option', '--allow'],
  [{ compose: '/does/not/exist' }, 'cli.bad-option', '--compose'],
])('bad input %j is refused with its field and a mend', async (options, code, field) => {
  const wish = await read(options);
  expect(wish).toMatchObject({ ok: false, error: { code, field, next: expect.stringMatching(/\w/) } });
});

test('an exception names rule, service, value and reason; the value may hold colons', async () => {
  const wish = unwrap(
    await read({ catalog: 'redis', allow: ['host-folder:redis:/srv:/data:rw'], reason: 'the old data' }),
  );
  expect(wish.exceptions).toContainEqual({
    rule: 'host-folder',
    service: 'redis',
    value: '/srv:/data:rw',
    reason: 'the old data',
  });
});
