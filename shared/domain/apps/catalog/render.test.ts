import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { systemRandom, unwrap } from '#shared/kernel/index.ts';
import { ALPHABETS, type Alphabet, generateSecret, secretBits } from './generate-secret.ts';
import { parseInputs } from './inputs.ts';
import { parseCatalogApp } from './parse-app.ts';
import { type CatalogEntry, renderCatalogApp } from './render.ts';
import { fillTemplate, templateNames } from './template.ts';

const APP = `schema: 1
id: notes
name: Notes
description: Keeps notes.
website: https://notes.example
version: 1.2.3
inputs:
  title: { type: string, label: Title, default: My notes, env: TITLE }
  code: { type: string, label: Code, pattern: '[A-Z]{3}', hint: three capitals, optional: true }
  workers: { type: integer, label: Workers, default: 2, min: 1, max: 8, env: WORKERS }
  public: { type: boolean, label: Public, default: false, env: PUBLIC }
  mode: { type: choice, label: Mode, options: [calm, quick], default: calm }
  port: { type: integer, label: Port, optional: true, min: 1024, max: 65535 }
  owner: { type: string, label: Owner, env: OWNER }
secrets:
  token:
    description: Only as a variable.
    shown: true
    generate: { length: 40, alphabet: hex }
    env: [{ service: web, variable: TOKEN }]
  password: { description: The password., generate: {} }
  url: { description: Derived., template: 'db://{{owner}}:{{password}}@db/{{mode}}' }
route: { service: web, port: 8080, environment: { BASE_URL: 'https://{{hostname}}/' } }
publish: [{ service: db, port: 5432, input: port, reason: No HTTP. }]
volumes:
  data: { description: Notes., backup: { method: copy } }
health: { timeoutSeconds: 30 }
`;
const COMPOSE = `# By hand: docker compose up
services:
  web:
    image: notes:1 # pinned
    environment:
      TITLE: \${TITLE:-My notes}
      TOKEN: \${TOKEN:?}
      DB_FILE: /run/secrets/url
    secrets: [url]
    ports: ['127.0.0.1:8080:8080']
  db:
    image: db:1
    secrets:
      - source: password
        target: /etc/db/password
      - source: url
        target: again
    volumes: [data:/data]
volumes:
  data:
secrets:
  url: { file: ./secrets/url }
  password: { file: ./secrets/password }
`;
const entry: CatalogEntry = { app: unwrap(parseCatalogApp(APP)), compose: COMPOSE, icon: '' };
const render = (inputs = {}, more: object = {}) =>
  unwrap(renderCatalogApp(entry, { inputs: { owner: 'ann', ...inputs }, ...more }, systemRandom));

describe('rendering an entry', () => {
  test('drops what is only there for running by hand, keeps the rest with its comments', () => {
    const { compose } = render();
    expect(parse(compose)).toEqual({
      services: {
        web: { image: 'notes:1', environment: { TITLE: `$\{TITLE:-My notes}`, DB_FILE: '/run/secrets/url' } },
        db: { image: 'db:1', volumes: ['data:/data'] },
      },
      volumes: { data: null },
    });
    expect(compose).toContain('# pinned');
    expect(compose).not.toContain('By hand');
  });

  test('P7: tells where each secret goes: as a file by the lists of the services, as a variable by app.yaml', () => {
    const { secrets } = render();
    expect(Object.fromEntries(secrets.map(({ name, uses }) => [name, uses]))).toEqual({
      token: [{ as: 'env', service: 'web', env: 'TOKEN' }],
      password: [{ as: 'file', service: 'db', path: '/etc/db/password' }],
      url: [
        { as: 'file', service: 'web', path: '/run/secrets/url' },
        { as: 'file', service: 'db', path: '/run/secrets/again' },
      ],
    });
    expect(secrets.find(({ name }) => name === 'token')).toMatchObject({
      shown: true,
      value: expect.stringMatching(/^[0-9a-f]{40}$/),
    });
  });

  test('derives secrets from generated ones and inputs, and keeps those that exist', () => {
    const first = new Map(render({ mode: 'quick' }).secrets.map(({ name, value }) => [name, value]));
    expect(first.get('url')).toBe(`db://ann:${first.get('password')}@db/quick`);
    const again = render({ mode: 'calm' }, { existingSecrets: first });
    const second = new Map(again.secrets.map(({ name, value }) => [name, value]));
    expect(second.get('password')).toBe(first.get('password'));
    expect(second.get('token')).toBe(first.get('token'));
    expect(second.get('url')).toBe(`db://ann:${first.get('password')}@db/calm`);
    expect(new Map(render().secrets.map(({ name, value }) => [name, value])).get('password')).not.toBe(
      first.get('password'),
    );
  });

  test('gives inputs and the public name as variables', () => {
    expect(render({ workers: '4', public: 'yes' }, { hostname: 'notes.example.com' }).env).toEqual({
      TITLE: 'My notes',
      WORKERS: '4',
      PUBLIC: 'true',
      OWNER: 'ann',
      BASE_URL: 'https://notes.example.com/',
    });
    expect(render().env).not.toHaveProperty('BASE_URL');
  });

  test('opens a port only when it was asked for, as an exception in full view', () => {
    expect(render().exceptions).toEqual([]);
    const { compose, exceptions } = render({ port: 5433 });
    expect(parse(compose).services.db.ports).toEqual(['5433:5432']);
    expect(compose).toContain("'5433:5432'");
    expect(exceptions).toEqual([{ rule: 'publish-port', service: 'db', value: '5433:5432/tcp', reason: 'No HTTP.' }]);
  });

  test('carries route, health limits and its source', () => {
    expect(render()).toMatchObject({
      route: { service: 'web', port: 8080, scheme: 'http' },
      policies: { healthTimeoutMs: 30_000, settleMs: 5_000 },
      source: { kind: 'catalog', id: 'notes', version: '1.2.3', inputs: { owner: 'ann', workers: 2 } },
    });
  });

  test('P7: no secret value reaches the compose text, the variables or the recorded inputs', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('calm', 'quick'),
        fc.option(fc.integer({ min: 1024, max: 65535 }), { nil: undefined }),
        (mode, port) => {
          const { secrets, ...rest } = render(
            { mode, ...(port === undefined ? {} : { port }) },
            { hostname: 'a.example' },
          );
          const shown = JSON.stringify(rest);
          for (const secret of secrets) expect(shown).not.toContain(secret.value);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('whatever a text input holds, it changes nothing but its own variable', () => {
    const plain = render();
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 60 }).filter((text) => text !== '' && !/\p{Cc}/u.test(text)),
        (title) => {
          const rendered = render({ title });
          expect(rendered.env).toEqual({ ...plain.env, TITLE: title });
          expect(rendered.compose).toBe(plain.compose);
        },
      ),
    );
  });
});

describe('inputs', () => {
  const error = (inputs: object) => {
    const result = parseInputs(entry.app, { owner: 'ann', ...inputs });
    if (result.ok) throw new Error('was accepted');
    return result.error;
  };

  test.each([
    ['titel', { titel: 'x' }, 'Did you mean title?'],
    ['zzz', { zzz: 'x' }, 'Its inputs: title, code'],
    ['owner', { owner: '' }, '--input owner='],
    ['workers', { workers: '9' }, 'a whole number from 1 to 8'],
    ['workers', { workers: '2.5' }, 'a whole number'],
    ['workers', { workers: true }, 'a whole number'],
    ['public', { public: 'maybe' }, 'true or false'],
    ['mode', { mode: 'loud' }, 'one of calm, quick'],
    ['code', { code: 'abc' }, 'three capitals'],
    ['code', { code: 'ABCD' }, 'three capitals'],
    ['title', { title: 'a\nb' }, 'one line'],
    ['constructor', { constructor: 'x' }, 'Its inputs'],
  ])('%s is refused by name', (name, inputs, next) => {
    expect(error(inputs)).toMatchObject({
      code: 'catalog.bad-input',
      field: `inputs.${name}`,
      next: expect.stringContaining(next),
    });
  });

  test('reads texts as the input’s type and leaves optional ones out', () => {
    const values = unwrap(parseInputs(entry.app, { owner: 'ann', workers: '3', public: 'no', port: '' }));
    expect(Object.fromEntries(values)).toEqual({
      title: 'My notes',
      workers: 3,
      public: false,
      mode: 'calm',
      owner: 'ann',
    });
  });
});

describe('generated secrets', () => {
  test('have the asked length and letters, each letter about equally often', () => {
    for (const alphabet of Object.keys(ALPHABETS) as Alphabet[]) {
      const text = generateSecret(systemRandom, 20_000, alphabet);
      expect(text).toHaveLength(20_000);
      const letters = ALPHABETS[alphabet];
      for (const letter of letters) {
        const share = (text.split(letter).length - 1) / (20_000 / letters.length);
        expect(share).toBeGreaterThan(0.6);
        expect(share).toBeLessThan(1.5);
      }
    }
    expect(secretBits(32, 'hex')).toBe(128);
  });

  test('bytes that would favour some letters are drawn again', () => {
    const answers = [new Uint8Array([255, 254, 250]), new Uint8Array([248, 0, 61]), new Uint8Array([62])];
    const random = { bytes: (length: number) => (answers.shift() ?? new Uint8Array()).slice(0, length) };
    expect(generateSecret(random, 3, 'alphanumeric')).toBe('A9A');
  });
});

describe('templates', () => {
  test('know their names and refuse half braces', () => {
    expect(templateNames('a {{b}} {{c_1}}')).toEqual(['b', 'c_1']);
    for (const bad of ['{{ b }}', '{{B}}', '{{b', 'b}}', '{{{{b}}}}']) expect(templateNames(bad)).toBeUndefined();
  });

  test('what a value contains is not read again', () => {
    expect(
      fillTemplate(
        '{{a}}|{{b}}',
        new Map([
          ['a', '{{b}}'],
          ['b', '$&'],
        ]),
      ),
    ).toBe('{{b}}|$&');
  });
});
