import { expect, test } from 'vitest';
import { operations } from '#shared/contracts/rest/index.ts';
import { parseCommandLine } from './program.ts';
import { verbs } from './verbs.ts';

function parse(...argv: string[]) {
  const written = { out: '' };
  const append = (text: string) => {
    written.out += text;
  };
  const line = parseCommandLine(argv, { out: append, err: append });
  return { line, written };
}

const actions = new Set<string>(
  Object.values(operations).flatMap((operation) => ('action' in operation.audit ? [operation.audit.action] : [])),
);

test.each(verbs.map((verb) => [verb.path, verb] as const))('%s: parses, has help and a module', async (path, verb) => {
  const required = (verb.args ?? '').split(' ').filter((word) => word.startsWith('<'));
  const { line } = parse(...path.split(' '), ...required.map(() => 'x'), '--json');
  expect(line).toMatchObject({ verb, json: true });
  const { written } = parse(...path.split(' '), '--help');
  expect(written.out).toContain(verb.summary.split(' ').slice(0, 4).join(' '));
  expect(written.out).toContain('Examples:');
  expect(typeof (await verb.load()).run).toBe('function');
});

test('P8: each audit action of a verb is one that the core writes', () => {
  expect(verbs.flatMap(({ audit }) => (audit === null || actions.has(audit) ? [] : [audit]))).toEqual([]);
  expect(verbs.filter(({ mutating, audit }) => mutating && audit === null)).toEqual([]);
});

test('an unknown verb is answered with the one that was meant', () => {
  expect(parse('apps', 'deply').line).toMatchObject({ exitCode: 2, usage: expect.stringContaining('deploy') });
  expect(parse('nodess', 'list').line).toMatchObject({ exitCode: 2, usage: expect.stringContaining('nodes') });
});

test('a missing argument and an unknown option are usage errors', () => {
  expect(parse('apps', 'deploy').line).toMatchObject({ exitCode: 2 });
  expect(parse('apps', 'list', '--jsn').line).toMatchObject({ exitCode: 2, usage: expect.stringContaining('--json') });
});

test('help is help: of the program, of a group, of a verb', () => {
  expect(parse('help').written.out).toContain('Exit codes:');
  expect(parse().line).toMatchObject({ exitCode: 2, usage: null });
  const group = parse('apps');
  expect(group.line).toMatchObject({ exitCode: 2, usage: null });
  expect(group.written.out).toContain('deploy');
});
