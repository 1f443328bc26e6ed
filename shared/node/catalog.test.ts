import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { checkCatalogEntry, renderCatalogApp } from '#shared/domain/apps/catalog/index.ts';
import { parseComposeOutline, secretUseSchema } from '#shared/domain/apps/index.ts';
import { systemRandom, unwrap } from '#shared/kernel/index.ts';
import { catalogFolder, listCatalog, readCatalogEntry } from './catalog.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'overseer-catalog-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the catalogue holds the first four', () => {
  expect(listCatalog()).toEqual(expect.arrayContaining(['miniflux', 'postgres', 'redis', 'uptime-kuma']));
});

describe.each(listCatalog())('catalog/%s', (id) => {
  const entry = unwrap(readCatalogEntry(id));

  test('fits together', () => {
    expect(checkCatalogEntry(entry)).toEqual([]);
  });

  test('renders with its defaults to a Compose file that needs nothing but what came with it', () => {
    const rendered = unwrap(renderCatalogApp(entry, { inputs: {}, hostname: 'app.lab.example' }, systemRandom));
    const outline = unwrap(parseComposeOutline(rendered.compose));
    expect(
      outline.services.every((service) => service.image !== null && !service.publishesPorts && service.hasHealthcheck),
    ).toBe(true);
    expect(rendered.exceptions).toEqual([]);
    expect(parse(rendered.compose)).not.toHaveProperty('secrets');
    expect(rendered.compose).not.toContain('./');
    const services = outline.services.map((service) => service.name);
    for (const secret of rendered.secrets) {
      expect(secret.value.length).toBeGreaterThan(15);
      for (const use of secret.uses) {
        expect(secretUseSchema.parse(use)).toEqual(use);
        expect(services).toContain(use.service);
      }
    }
    // Each *_FILE variable leads to a file that comes with the release.
    const files = rendered.secrets.flatMap((secret) => secret.uses.map((use) => (use.as === 'file' ? use.path : '')));
    for (const match of rendered.compose.matchAll(/\/run\/secrets\/\w+/g)) expect(files).toContain(match[0]);
  });
});

describe('reading entries', () => {
  const spoil = (id: string, file: string, from: string, to: string) => {
    cpSync(join(catalogFolder(), id), join(folder, id), { recursive: true });
    const path = join(folder, id, file);
    const text = readFileSync(path, 'utf8');
    expect(text).toContain(from);
    writeFileSync(path, text.replace(from, to));
  };

  test('an unknown app, a missing file and a folder of another name are told apart', () => {
    expect(readCatalogEntry('nothing')).toMatchObject({
      ok: false,
      error: { code: 'catalog.unknown-app', next: expect.stringContaining('miniflux') },
    });
    expect(readCatalogEntry('../catalog/redis')).toMatchObject({ ok: false, error: { code: 'catalog.unknown-app' } });
    cpSync(join(catalogFolder(), 'redis'), join(folder, 'cache'), { recursive: true });
    expect(readCatalogEntry('cache', folder)).toMatchObject({
      ok: false,
      error: { code: 'catalog.malformed', field: 'id' },
    });
    rmSync(join(folder, 'cache', 'icon.svg'));
    expect(readCatalogEntry('cache', folder)).toMatchObject({ ok: false, error: { code: 'catalog.incomplete' } });
  });

  test.each([
    ['app.yaml', 'port: 8080', 'prot: 8080', 'unknown field "prot"; did you mean "port"?'],
    ['app.yaml', 'service: miniflux', 'service: minflux', 'compose.yaml has no service minflux'],
    ['app.yaml', '{{db_password}}', '{{db_pasword}}', 'there is no secret or input db_pasword'],
    ['app.yaml', '{{db_password}}', '{{ db_password }}', 'braces must read'],
    ['app.yaml', 'default: admin', "default: ''", 'inputs.admin_username.default'],
    ['app.yaml', 'length: 24', 'length: 16', 'fits'],
    ['app.yaml', 'env: ADMIN_USERNAME', 'env: ADMIN_NAME', 'compose.yaml does not use ADMIN_NAME'],
    ['compose.yaml', 'POLLING_FREQUENCY:-60', 'POLLING_FREQUENCY:-30', 'should have the default of app.yaml, 60'],
    ['compose.yaml', 'miniflux:2.3.4', 'miniflux:latest', 'needs a tag that is not latest'],
    ['compose.yaml', `127.0.0.1:$\{PORT:-8080}:8080`, '8080:8080', 'must be bound to 127.0.0.1'],
    [
      'compose.yaml',
      '    file: ./secrets/db_password',
      '    file: /etc/passwd',
      'must read file: ./secrets/db_password',
    ],
    ['compose.yaml', '      - admin_password', '      - adm_password', 'secret adm_password is not in app.yaml'],
    ['compose.yaml', 'restart: unless-stopped', 'restart: always', 'needs restart: unless-stopped'],
    ['compose.yaml', "RUN_MIGRATIONS: '1'", `RUN_MIGRATIONS: $\{MIGRATE}`, 'MIGRATE has no default'],
    ['compose.yaml', '\nvolumes:\n  db:', '\nvolumes:\n  database:', 'volumes.db: compose.yaml has no such volume'],
    ['compose.yaml', 'services:', 'services: [', 'line'],
    ['icon.svg', '</svg>', '<script>1</script></svg>', 'nothing that runs or loads'],
  ])('the lint finds: %s %s → %s', (file, from, to, message) => {
    spoil('miniflux', file, from, to);
    const spoilt = readCatalogEntry('miniflux', folder);
    const problems = spoilt.ok ? checkCatalogEntry(spoilt.value) : [spoilt.error.message];
    if (message === 'fits') expect(problems).toEqual([]);
    else expect(problems.join('\n')).toContain(message);
  });

  test('the lint of `npm run check` passes the catalogue and fails a spoilt one by name', () => {
    const lint = (...args: string[]) =>
      spawnSync(process.execPath, ['build/catalog-lint.ts', ...args], { encoding: 'utf8' });
    expect(lint()).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+ catalogue entries, 0 problems\n$/) });
    spoil('miniflux', 'app.yaml', 'service: miniflux', 'service: minflux');
    const done = lint(folder);
    expect(done.stdout).toContain('catalog/miniflux: app.yaml, route.service: compose.yaml has no service minflux');
    expect(done.status).toBe(1);
    spoil('redis', 'compose.yaml', 'image: redis:8', 'image: redis:8\n    privileged: true');
    expect(lint(folder).stdout).toMatch(/catalog\/redis: the node would refuse it: services\.redis\.privileged/);
  });
});
