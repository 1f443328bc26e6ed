import { describe, expect, test } from 'vitest';
import { findInCompose } from '../policies/index.ts';
import { readYaml } from './read-yaml.ts';

const nothing = { files: [], secrets: [], exceptions: [] };

/** Nine levels of nine aliases each of the level below: 387 million values in four hundred bytes. */
const bomb = [
  'l0: &l0 [x]',
  ...Array.from({ length: 9 }, (_, at) => `l${at + 1}: &l${at + 1} [${Array(9).fill(`*l${at}`).join()}]`),
].join('\n');

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

const isTaken = (text: string): boolean => findInCompose(`${text}\nservices: {web: {image: lab/web}}\n`, nothing).ok;

describe('A8-20: YAML that is to hurt its reader, in a Compose file', () => {
  test.each([
    ['A7-10: nine levels of aliases', bomb],
    ['A7-11: a hundred thousand brackets inside each other', `a: ${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['A7-11: two thousand brackets, which are within the size', `a: ${'['.repeat(2_000)}${']'.repeat(2_000)}`],
    ['A7-12: a key that stands twice', 'x-a: {image: lab/web, image: evil/web}'],
  ])('%s, is refused at once', (_what, text) => {
    const from = cpuMs();
    expect(isTaken(text)).toBe(false);
    expect(cpuMs() - from).toBeLessThan(500);
  });
});

describe('A8-20: the reader of YAML itself', () => {
  test('A7-11: says what is too much before the parser sees it', () => {
    expect(readYaml(`a: ${'['.repeat(100_000)}`)).toMatchObject({ problem: expect.stringContaining('brackets') });
  });

  test('A7-12: names the place of the second key', () => {
    expect(readYaml('a: 1\nb: 2\na: 3\n')).toMatchObject({
      problem: 'Map keys must be unique',
      at: { line: 3, column: 1 },
    });
  });

  test('the honest twin: one use of an anchor, and keys of one name in two mappings', () => {
    expect(readYaml('a: &a {k: 1}\nb: *a\nc: {k: 2}\n').problem).toBeUndefined();
    expect(findInCompose('x-a: &a {image: lab/web}\nservices: {web: *a}\n', nothing)).toMatchObject({ ok: true });
  });
});
