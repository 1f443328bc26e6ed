import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unwrap } from '#shared/kernel/index.ts';
import { editDistance, nearMiss } from './near-miss.ts';
import { parseCatalogApp } from './parse-app.ts';

const GOOD = `schema: 1
id: notes
name: Notes
description: Keeps notes.
website: https://notes.example
version: 1.2.3
inputs:
  title:
    type: string
    label: Title
    default: My notes
    env: TITLE
  workers:
    type: integer
    label: Workers
    min: 1
    max: 8
secrets:
  password:
    description: The password.
    generate: { length: 24 }
  url:
    description: With the password.
    template: 'db://{{password}}@db'
route: { service: web, port: 8080 }
volumes:
  data:
    description: All notes.
    backup: { method: copy }
`;

/** Levels of nine aliases each of the level below. */
const aliases = (levels: number): string =>
  Array.from({ length: levels }, (_, at) => `a${at + 1}: &a${at + 1} [${Array(9).fill(`*a${at}`).join()}]`).join('\n');

const errorOf = (text: string) => {
  const result = parseCatalogApp(text);
  if (result.ok) throw new Error('was accepted');
  return result.error;
};
const changed = (from: string, to: string) => {
  expect(GOOD).toContain(from);
  return GOOD.replace(from, to);
};

describe('reading app.yaml', () => {
  test('fills in what may be left out', () => {
    expect(unwrap(parseCatalogApp(GOOD))).toMatchObject({
      health: { timeoutSeconds: 180, settleSeconds: 5 },
      publish: [],
      route: { scheme: 'http', environment: {} },
      secrets: { password: { shown: false, env: [], generate: { alphabet: 'alphanumeric', length: 24 } } },
      inputs: { title: { optional: false } },
    });
  });

  test.each([
    [
      'descripton',
      'name: Notes',
      'name: Notes\ndescripton: x',
      'unknown field "descripton"; did you mean "description"?',
      '4',
      '1',
    ],
    ['inputs.title.defualt', 'default: My notes', 'defualt: My notes', 'did you mean "default"?', '11', '5'],
    ['secrets.password.generate.lenght', 'length: 24', 'lenght: 24', 'did you mean "length"?', '21', '17'],
    ['secrets.url.templte', 'template:', 'templte:', 'did you mean "template"?', '24', '5'],
    [
      'route.zzzzzz',
      'port: 8080',
      'port: 8080, zzzzzz: 1',
      'known here: service, port, scheme, environment',
      '25',
      '36',
    ],
    ['volumes.data.backup.mode', '{ method: copy }', '{ method: copy, mode: fast }', 'known here: method', '29', '29'],
  ])('an unknown field is refused by name with a suggestion: %s', (field, from, to, message, line, column) => {
    const error = errorOf(changed(from, to));
    expect(error).toMatchObject({ code: 'catalog.malformed', field, detail: { line, column } });
    expect(error.message).toContain(message);
    expect(error.message).toContain(`line ${line}, column ${column}`);
  });

  test.each([
    ['route.port', 'port: 8080', 'port: 808000', '25'],
    ['inputs.workers.min', 'min: 1', 'min: one', '16'],
    ['inputs.title.type', 'type: string', 'type: text', '9'],
    ['website', 'https://notes.example', 'http://notes.example', '5'],
    ['version', '1.2.3', 'latest', '6'],
    ['schema', 'schema: 1', 'schema: 2', '1'],
    ['volumes.data.backup.method', 'method: copy', 'method: magic', '29'],
  ])('a wrong value is named with its place: %s', (field, from, to, line) => {
    expect(errorOf(changed(from, to))).toMatchObject({ field, detail: { line } });
  });

  test('a missing field points at what it is missing from', () => {
    expect(errorOf(changed('    label: Title\n', ''))).toMatchObject({
      field: 'inputs.title.label',
      detail: { line: '8' },
    });
    expect(errorOf(changed('id: notes\n', ''))).toMatchObject({ field: 'id' });
  });

  test('bad YAML, a doubled key, an empty file and a list are refused with their place', () => {
    expect(errorOf(changed('name: Notes', 'name: [Notes'))).toMatchObject({ detail: { line: expect.any(String) } });
    expect(errorOf(`${GOOD}name: Again\n`)).toMatchObject({ detail: { line: '30', column: '1' } });
    expect(errorOf('').code).toBe('catalog.malformed');
    expect(errorOf('- a\n').code).toBe('catalog.malformed');
    expect(errorOf(`${'#'.repeat(70_000)}\n`).message).toContain('longer than');
  });

  test.each([
    ['A7-10: nine levels of aliases', `a0: &a0 [x]\n${aliases(9)}`],
    ['A7-11: thirty thousand brackets inside each other', `a: ${'['.repeat(30_000)}${']'.repeat(30_000)}`],
    ['A7-12: a key that stands twice', 'name: Other'],
  ])('A8-20: %s, is refused at once', (_what, more) => {
    expect(parseCatalogApp(GOOD).ok).toBe(true);
    const from = process.cpuUsage().user;
    expect(parseCatalogApp(`${GOOD}${more}\n`).ok).toBe(false);
    expect(process.cpuUsage().user - from).toBeLessThan(500_000);
  });

  test('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(GOOD.length), (noise, at) => {
        parseCatalogApp(noise);
        parseCatalogApp(GOOD.slice(0, at) + noise + GOOD.slice(at));
      }),
      { numRuns: 300 },
    );
  });
});

describe('near misses', () => {
  test('finds swapped, dropped and doubled letters, and nothing far away', () => {
    const fields = ['description', 'default', 'label'];
    expect(nearMiss('defualt', fields)).toBe('default');
    expect(nearMiss('labl', fields)).toBe('label');
    expect(nearMiss('Descripttion', fields)).toBe('description');
    expect(nearMiss('colour', fields)).toBeUndefined();
  });

  test('the distance is a distance', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a.toLowerCase() === b.toLowerCase() && a === b);
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});
