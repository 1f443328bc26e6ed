import { expect, test } from 'vitest';
import { createVerbInput } from '../options.ts';
import { readFingerprint } from './core-fingerprint.ts';

const KEY = '5c582601ff1d7909661ed952fafa93cb675ffb164d180250303e28cd69dac5e9';
const read = (fingerprint?: string) =>
  readFingerprint(createVerbInput([], fingerprint === undefined ? {} : { fingerprint }));

test('a fingerprint is read as people copy it', () => {
  const groups = (KEY.match(/.{4}/g) ?? []).join(' ');
  const pairs = (KEY.toUpperCase().match(/.{2}/g) ?? []).join(':');
  for (const typed of [KEY, groups, pairs, `SHA256:${KEY}`, ` ${KEY}\n`])
    expect(read(typed)).toEqual({ ok: true, value: KEY });
  expect(read()).toEqual({ ok: true, value: undefined });
});

test('P1: a part of a fingerprint is no fingerprint', () => {
  for (const typed of ['', KEY.slice(1), `${KEY}0`, KEY.replace('5', 'g')])
    expect(read(typed)).toMatchObject({ ok: false, error: { code: 'cli.bad-option', field: '--fingerprint' } });
});
