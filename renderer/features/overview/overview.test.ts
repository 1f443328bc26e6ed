import { describe, expect, it } from 'vitest';
import { app, planOf, proposalOf } from '../../dev/fixtures/apps.ts';
import { job } from '../../dev/fixtures/jobs.ts';
import { devices, invitation, node, request } from '../../dev/fixtures/nodes.ts';
import { countApps } from './app-counts.ts';
import { type FleetState, findAttention } from './attention.ts';
import { firstSteps } from './first-steps.ts';

const nuc = node('nuc');
const pi = node('pi', 'offline');
const nothing: FleetState = {
  nodes: [],
  apps: [],
  jobs: [],
  invitations: [],
  requests: [],
  proposals: [],
  pending: undefined,
  notices: [],
};
const kinds = (state: Partial<FleetState>) =>
  findAttention({ ...nothing, ...state }, Date.now()).map(({ kind }) => kind);

describe('what needs a person', () => {
  it('is nothing when all is well', () => {
    expect(kinds({ nodes: [nuc], apps: [app('a', nuc)], jobs: [job(app('a', nuc), 5)], invitations: [] })).toEqual([]);
    expect(kinds({ invitations: [invitation('attic', 'open')] })).toEqual([]);
  });

  it('begins with a device that waits, then what is broken, then what wants a look', () => {
    const degraded = app('a', nuc, 'degraded');
    expect(kinds({ nodes: [pi], apps: [degraded], requests: [request] })).toEqual(['request', 'offline', 'degraded']);
  });

  it('PRO-1: an unsigned wish waits like a device that asks to be let in', () => {
    const degraded = app('a', nuc, 'degraded');
    const proposals = [proposalOf(degraded)];
    expect(kinds({ nodes: [pi], apps: [degraded], proposals })).toEqual(['proposal', 'offline', 'degraded']);
    expect(findAttention({ ...nothing, proposals }, Date.now())).toMatchObject([
      { text: 'ci asks: Deploy a', href: '/plan' },
    ]);
  });

  it('HOLD-1: names a server that waits for its fleet, once this device has not answered it', () => {
    const holds = (since: string, code: 'hold.waiting' | 'hold.behind-chain') => {
      const why = { code, kind: 'transient', message: 'm', next: 'n' } as const;
      return { ...nuc, holding: { since, why } };
    };
    const now = new Date().toISOString();
    const longAgo = new Date(Date.now() - 600_000).toISOString();
    expect(kinds({ nodes: [holds(now, 'hold.waiting')] })).toEqual([]);
    expect(kinds({ nodes: [holds(longAgo, 'hold.waiting')] })).toEqual(['holding']);
    expect(findAttention({ ...nothing, nodes: [holds(now, 'hold.behind-chain')] }, Date.now())).toMatchObject([
      { tone: 'bad', href: `/nodes/${nuc.id}`, at: now },
    ]);
  });

  it('AUD-8: an alarm about two records leads to the audit, other notices stay where they are', () => {
    const notice = (code: 'audit.split-view' | 'core.internal') => ({
      id: code,
      at: '2026-11-26T12:00:00.000Z',
      fault: { code, kind: 'conflict' as const, message: 'two histories', next: 'look' },
    });
    expect(
      findAttention({ ...nothing, notices: [notice('audit.split-view'), notice('core.internal')] }, Date.now()),
    ).toMatchObject([{ kind: 'alarm', tone: 'bad', text: 'two histories', href: '/audit' }]);
    const hidden = { ...notice('audit.split-view'), hidden: true as const };
    expect(kinds({ notices: [hidden] })).toEqual(['alarm']);
  });

  it('LOG-27: names a release that is void by a revocation', () => {
    const row = app('a', nuc, 'running', { voidSigner: 'old laptop' });
    expect(findAttention({ ...nothing, apps: [row] }, Date.now())).toMatchObject([
      { kind: 'void-release', tone: 'warn', href: `/apps/${row.id}` },
    ]);
  });

  it('an app on a server that is not heard is told by the server alone', () => {
    expect(kinds({ nodes: [pi], apps: [app('a', pi, 'away')] })).toEqual(['offline']);
  });

  it('a failure is over when a later job of the app succeeded, or a day has passed', () => {
    const row = app('a', nuc);
    const failed = (minutes: number) => job(row, minutes, { state: 'failed', outcome: 'failed' });
    expect(kinds({ jobs: [failed(10)] })).toEqual(['failed']);
    expect(kinds({ jobs: [failed(10), job(row, 2)] })).toEqual([]);
    expect(kinds({ jobs: [failed(3_000)] })).toEqual([]);
  });

  it('tells many of one kind in one line that leads to all of them', () => {
    const apps = Array.from({ length: 200 }, (_, index) => app(`a-${index}`, nuc, 'away'));
    const [only, ...rest] = findAttention({ ...nothing, apps }, Date.now());
    expect(rest).toEqual([]);
    expect(only).toMatchObject({ text: '200 apps do not serve', href: '/apps' });
  });

  it('names an invitation that somebody else tried before all others', () => {
    const invitations = [invitation('a', 'expired'), invitation('b', 'open', 2)];
    expect(kinds({ invitations })).toEqual(['lost-race', 'invitation']);
  });

  it('P2: names edits that the core did not take', () => {
    const why = { code: 'row.document-full', kind: 'permanent', message: 'x', next: 'y' } as const;
    const edit = { id: 'e'.repeat(64), appId: null, appName: '', lines: [], fault: why, canRewrite: false };
    const pending = {
      plans: [],
      stuck: [],
      intents: [],
      refused: [edit, { ...edit, id: 'f'.repeat(64), appName: 'web' }],
    };
    const found = findAttention({ ...nothing, pending }, Date.now());
    expect(found.map(({ kind, text, href }) => [kind, text, href])).toEqual([
      ['refused', 'The core did not take an edit of the list of apps', '/plan'],
      ['refused', 'The core did not take an edit of web', '/plan'],
    ]);
  });

  it('names plans that are blocked', () => {
    const blocked = planOf(app('a', nuc), {
      blocked: [{ code: 'app.unknown', kind: 'permanent', message: 'x', next: 'y' }],
    });
    expect(
      kinds({ pending: { plans: [blocked, planOf(app('b', nuc))], stuck: [], intents: [], refused: [] } }),
    ).toEqual(['blocked']);
  });
});

describe('the first steps', () => {
  const fresh = { nodes: [], apps: [], jobs: [], devices: devices.slice(1), isProvisional: true };

  it('a claimed core lacks a server, an app and a device that is not a browser', () => {
    expect(firstSteps(fresh).map(({ id, isDone }) => [id, isDone])).toEqual([
      ['claim', true],
      ['node', false],
      ['app', false],
      ['device', false],
    ]);
    expect(firstSteps(fresh).find(({ id }) => id === 'app')?.action).toBeNull();
  });

  it('leads to the deployment that is at work', () => {
    const draft = app('a', nuc, 'draft');
    const working = job(draft, 0, { state: 'running', outcome: null, endedAt: null });
    const step = firstSteps({ ...fresh, nodes: [nuc], apps: [draft], jobs: [working] }).find(({ id }) => id === 'app');
    expect(step).toMatchObject({ isDone: false, action: { href: `/jobs/${working.id}` } });
  });

  it('are gone when nothing is lacking', () => {
    const all = { nodes: [nuc], apps: [app('a', nuc)], jobs: [], devices, isProvisional: false };
    expect(firstSteps(all)).toEqual([]);
  });

  it('stay while a browser is the owner', () => {
    const all = { nodes: [nuc], apps: [app('a', nuc)], jobs: [], devices, isProvisional: true };
    expect(
      firstSteps(all)
        .filter(({ isDone }) => !isDone)
        .map(({ id }) => id),
    ).toEqual(['device']);
  });
});

it('counts a person’s own apps, not what belongs to a server, nor what is gone', () => {
  const rows = [
    app('a', nuc),
    app('b', nuc, 'away'),
    app('c', nuc, 'degraded'),
    app('d', nuc, 'removed'),
    app('e', nuc, 'running', { kind: 'ingress' }),
  ];
  expect(countApps(rows)).toMatchObject({ total: 3, counts: { running: 1, trouble: 2 } });
});
