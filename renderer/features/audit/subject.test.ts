import { expect, it } from 'vitest';
import { describeSubject } from './subject.ts';

const app = 'a'.repeat(26);
const node = 'b'.repeat(26);
const names = {
  app: (id: string) => (id === app ? 'feeds' : undefined),
  node: (id: string) => (id === node ? 'cellar' : undefined),
};

it('a subject is told by names, with long ids cut', () => {
  expect(describeSubject({ appId: app, node, number: '3', hash: 'f'.repeat(64) }, names)).toBe(
    'app feeds, node cellar, number 3, hash ffffffff…',
  );
  expect(describeSubject({}, names)).toBe('');
});

it('a time is told as people read it', () => {
  expect(describeSubject({ expiresAt: '2026-11-26T02:04:33.477Z' }, names)).toMatch(
    /^expires \d+ Nov|^expires Nov \d+/,
  );
});
