import { describe, expect, it } from 'vitest';
import type { IntentView, PlanView } from '#shared/contracts/ipc/index.ts';
import { confirmableTogether, groupPending, linesInShort } from './group-pending.ts';

const fault = { code: 'app.clash', kind: 'conflict', message: 'm', next: 'n' } as const;

const plan = (appName: string, more: Partial<PlanView> = {}): PlanView => ({
  planId: `plan-${appName}`,
  verb: 'deploy',
  appId: `id-${appName}`,
  appName,
  node: { nodeId: 'n', name: 'cellar' },
  base: 1,
  lines: [{ id: '0', subject: 'env', change: 'add', text: 'A=1' }],
  downtime: { kind: 'none', text: '' },
  blocked: [],
  byHand: [],
  stack: null,
  deletes: [],
  ownerCommand: null,
  asOf: null,
  urls: [],
  ...more,
});

const intent = (appName: string, state: IntentView['state']): IntentView => ({
  id: `intent-${appName}-${state}`,
  appId: `id-${appName}`,
  appName,
  verb: 'deploy',
  createdAt: '2026-11-25T10:00:00.000Z',
  state,
  lines: [],
  fault: state === 'clash' ? fault : null,
});

describe('what is pending', () => {
  it('is grouped by app, what needs a person first', () => {
    const groups = groupPending({
      plans: [plan('web'), plan('blog', { blocked: [fault] }), plan('auth')],
      stuck: [{ appId: 'id-cloud', appName: 'cloud', fault }],
      intents: [intent('auth', 'waiting'), intent('feeds', 'waiting'), intent('wiki', 'clash')],
      refused: [],
    });
    expect(groups.map((one) => one.appName)).toEqual(['cloud', 'wiki', 'blog', 'auth', 'web', 'feeds']);
    expect(groups[3]).toMatchObject({ plan: { appName: 'auth' }, intents: [{ state: 'waiting' }], stuck: null });
  });

  it('is nothing when nothing waits', () => {
    expect(groupPending({ plans: [], stuck: [], intents: [], refused: [] })).toEqual([]);
  });

  it('P4: is never confirmed together where data would go, an owner must sign or something is in the way', () => {
    const groups = groupPending({
      plans: [
        plan('a'),
        plan('b', { deletes: [{ volume: 'v', sizeBytes: 1 }] }),
        plan('c', { ownerCommand: 'overseer …' }),
        plan('d', { blocked: [fault] }),
        plan('e', { lines: [{ id: '1', subject: 'exception', change: 'add', text: 'web: privileged' }] }),
      ],
      stuck: [],
      intents: [],
      refused: [],
    });
    expect(confirmableTogether(groups).map((one) => one.appName)).toEqual(['a']);
  });
});

it('lines in short say what each does', () => {
  expect(
    linesInShort([
      { id: '1', subject: 'env', change: 'add', text: 'A=1' },
      { id: '2', subject: 'env', change: 'remove', text: 'DEBUG' },
    ]),
  ).toBe('+ A=1 · − DEBUG');
});
