import { describe, expect, it } from 'vitest';
import { dueSecrets, type SecretsReleased, secretsOnNode } from './secret-status.ts';

const NODE = 'a'.repeat(26);
const sha = (letter: string) => letter.repeat(64);
const secret = (about: { version?: number; copy?: string; signed?: { version: number; copy: string } } = {}) => ({
  id: 'b'.repeat(26),
  name: 'token',
  version: about.version ?? 1,
  uses: [],
  ownerCopy: sha('0'),
  nodeCopies: about.copy === undefined ? {} : { [NODE]: about.copy },
  ...(about.signed && {
    signed: { version: about.signed.version, ownerCopy: sha('0'), nodeCopies: { [NODE]: about.signed.copy } },
  }),
});
const base = (copy: string | null, state: 'running' | 'stopped' | 'removed' = 'running'): SecretsReleased['base'] => ({
  header: 'h2',
  body: { state, secrets: copy === null ? [] : [{ name: 'token', sha256: copy, uses: [] }] },
});
const statusOf = (
  one: ReturnType<typeof secret>,
  about: { base: SecretsReleased['base']; running?: string | null },
) => {
  const [found] = secretsOnNode({ secrets: [one] }, { node: NODE, running: about.running, base: about.base });
  return [found?.status, found?.runs];
};

describe('the present value of a secret on a node', () => {
  it('is new before the first release, and where none has named it', () => {
    expect(statusOf(secret({ copy: sha('1') }), { base: null })).toEqual(['new', null]);
    expect(statusOf(secret({ copy: sha('1') }), { base: base(null) })).toEqual(['new', null]);
    expect(statusOf(secret({ copy: sha('1') }), { base: base(sha('1'), 'removed') })).toEqual(['new', null]);
  });

  it('is old after a rotation, with the version that runs where it is known, until a release has it', () => {
    const rotated = secret({ version: 3, copy: sha('3'), signed: { version: 2, copy: sha('2') } });
    expect(statusOf(rotated, { base: base(sha('2')), running: 'h2' })).toEqual(['old', 2]);
    expect(statusOf(rotated, { base: base(sha('1')), running: 'h2' })).toEqual(['old', null]);
    expect(statusOf(rotated, { base: base(sha('3')), running: 'h2' })).toEqual(['current', 3]);
  });

  it('is signed while the node runs another release, and current where the node was not heard', () => {
    const one = secret({ version: 2, copy: sha('2') });
    expect(statusOf(one, { base: base(sha('2')), running: 'h1' })).toEqual(['signed', null]);
    expect(statusOf(one, { base: base(sha('2')), running: null })).toEqual(['signed', null]);
    expect(statusOf(one, { base: base(sha('2')) })).toEqual(['current', 2]);
    expect(statusOf(one, { base: base(sha('2'), 'stopped'), running: null })).toEqual(['current', 2]);
  });

  it('is old on a node that it is sealed to no more', () => {
    expect(statusOf(secret({ version: 2 }), { base: base(sha('1')), running: 'h2' })).toEqual(['old', null]);
  });

  it('is due where an older one runs', () => {
    const all = (['new', 'old', 'signed', 'current'] as const).map((status) => ({
      ...{ name: status, node: NODE, version: 1, status, runs: null },
    }));
    expect(dueSecrets(all).map(({ name }) => name)).toEqual(['old', 'signed']);
  });
});
