import { expect, test } from 'vitest';
import { fault } from '#shared/kernel/index.ts';
import { faultInFlags } from './fault-in-flags.ts';

const about = (code: string, field: string, next = 'next', message = 'message') =>
  faultInFlags(fault(code, 'permanent', message, next, { field }));

test.each([
  ['node.unknown', 'node', '--node', 'message', 'next'],
  ['cli.missing-option', 'host', '--host', '--host: message', 'Give --host NAME.'],
  ['cli.missing-option', 'port', '--port', '--port: message', 'Give --service NAME and --port NUMBER.'],
  ['release.unknown', 'release', '--to', 'message', 'next'],
  ['release.no-earlier', 'release', undefined, 'message', 'Name one with --to, or mend it and deploy.'],
])('%s of %s is said with its option', (code, field, flag, message, next) => {
  const said = about(code, field);
  expect(said).toMatchObject({ code, message, next });
  expect(said.field).toBe(flag);
});

test('names that a fault lists stay in its words', () => {
  expect(about('cli.missing-option', 'node', 'Name one: a, b.').next).toBe('Name one with --node: a, b.');
  const next = 'Name it under "secrets" of a service in the Compose file, or say which service takes pin and where.';
  expect(about('cli.missing-option', 'secretUse', next).next).toBe(
    'Name it under "secrets" of a service in the Compose file, or give --secret-use pin=SERVICE:/path or pin=SERVICE:VARIABLE.',
  );
});

test('a fault of another field stays as it is', () => {
  const other = fault('request.invalid', 'permanent', 'message', 'next', { field: 'host' });
  expect(faultInFlags(other)).toBe(other);
});
