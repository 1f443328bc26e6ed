import { describe, expect, it } from 'vitest';
import { type AuditEntry, actionsOf, everything, filterEntries, isUnfiltered } from './filter-entries.ts';

const entry = (seq: number, more: Partial<AuditEntry>): AuditEntry => ({
  seq,
  hash: String(seq).padStart(64, '0'),
  at: '2026-11-25T10:00:00.000Z',
  actor: { kind: 'device', id: 'k1' },
  by: 'laptop',
  action: 'app.deploy',
  subject: {},
  outcome: 'accepted',
  fault: null,
  ...more,
});

const app = 'a'.repeat(26);
const entries = [
  entry(4, { action: 'session.open', by: 'phone' }),
  entry(3, { action: 'app.remove', outcome: 'refused', fault: 'trust.denied', subject: { appId: app } }),
  entry(2, { actor: { kind: 'node', id: 'n1' }, by: 'cellar', action: 'release.outcome', subject: { app } }),
  entry(1, { actor: { kind: 'setup', id: 'setup' }, by: 'setup', action: 'core.claim' }),
];

const seqs = (more: Partial<typeof everything>) =>
  filterEntries(entries, { ...everything, ...more }).map((one) => one.seq);

describe('the filter of the audit log', () => {
  it('lets all through at first', () => {
    expect(seqs({})).toEqual([4, 3, 2, 1]);
    expect(isUnfiltered(everything)).toBe(true);
    expect(isUnfiltered({ ...everything, text: ' ' })).toBe(true);
    expect(isUnfiltered({ ...everything, outcome: 'refused' })).toBe(false);
  });

  it('goes by actor, outcome and app', () => {
    expect(seqs({ actor: 'node' })).toEqual([2]);
    expect(seqs({ outcome: 'refused' })).toEqual([3]);
    expect(seqs({ appId: app })).toEqual([3, 2]);
  });

  it('goes by an action or its area', () => {
    expect(seqs({ action: 'app.remove' })).toEqual([3]);
    expect(seqs({ action: 'app' })).toEqual([3]);
    expect(seqs({ action: 'ap' })).toEqual([]);
  });

  it('wants every word, in any field', () => {
    expect(seqs({ text: 'CELLAR outcome' })).toEqual([2]);
    expect(seqs({ text: 'trust.denied' })).toEqual([3]);
    expect(seqs({ text: 'cellar claim' })).toEqual([]);
    expect(seqs({ text: '.*' })).toEqual([]);
  });

  it('names the actions that occur', () => {
    expect(actionsOf([...entries, ...entries])).toEqual([
      'app.remove',
      'core.claim',
      'release.outcome',
      'session.open',
    ]);
  });
});
