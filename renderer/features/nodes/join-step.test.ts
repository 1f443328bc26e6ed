import { describe, expect, it } from 'vitest';
import type { Invitation, NodeRow } from '#shared/contracts/ipc/index.ts';
import { decideJoinStep } from './join-step.ts';

const nowMs = Date.parse('2026-11-25T10:00:00.000Z');

const invitation = (more: Partial<Invitation> = {}): Invitation => ({
  id: 'i',
  enrolment: 'i',
  name: 'cellar',
  state: 'open',
  expiresAt: '2026-11-25T10:30:00.000Z',
  requestedAt: null,
  lostRaces: 0,
  command: 'overseer node join …',
  ...more,
});

const node = (id: string, name: string, status: NodeRow['status'] = 'online'): NodeRow => ({
  id,
  nodeId: id,
  name,
  status,
  lastSeenAt: null,
  session: null,
  holding: null,
  facts: null,
  exceptions: [],
  openings: [],
  seenAt: null,
  apps: [],
  ingress: null,
  connectors: [],
});

const decide = (about: Partial<Parameters<typeof decideJoinStep>[0]>) =>
  decideJoinStep({ invitation: invitation(), nodes: [], before: new Set(), nowMs, ...about }).step;

describe('the join wizard', () => {
  it('waits while the invitation is open', () => {
    expect(decide({})).toBe('waiting');
  });

  it('sees the end of the invitation by the clock too', () => {
    expect(decide({ nowMs: nowMs + 30 * 60_000 })).toBe('expired');
    expect(decide({ invitation: invitation({ state: 'expired' }) })).toBe('expired');
    expect(decide({ invitation: invitation({ state: 'refused' }) })).toBe('refused');
    expect(decide({ invitation: undefined })).toBe('gone');
  });

  it('checks a server that came', () => {
    expect(decide({ invitation: invitation({ state: 'requested' }) })).toBe('checking');
    expect(decide({ invitation: invitation({ state: 'joined' }) })).toBe('checking');
  });

  it('greets the node of its name once it is online', () => {
    expect(decide({ nodes: [node('a', 'cellar', 'unknown')] })).toBe('arriving');
    expect(decide({ nodes: [node('a', 'cellar')] })).toBe('greeted');
  });

  it('does not greet a node that was there before, or another one', () => {
    expect(decide({ nodes: [node('a', 'cellar')], before: new Set(['a']) })).toBe('waiting');
    expect(decide({ nodes: [node('a', 'attic')] })).toBe('waiting');
  });

  it('greets the node of a used invitation after a reload too', () => {
    const joined = invitation({ state: 'joined' });
    expect(decide({ invitation: joined, nodes: [node('a', 'cellar')], before: new Set(['a']) })).toBe('greeted');
    expect(decide({ invitation: joined, nodes: [node('a', 'attic')], before: new Set(['a']) })).toBe('checking');
  });

  it('greets whoever came when an owner invites elsewhere', () => {
    expect(decide({ invitation: undefined, nodes: [node('a', 'attic')] })).toBe('greeted');
  });
});
