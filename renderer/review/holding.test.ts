import { describe, expect, it } from 'vitest';
import type { NodeRow } from '#shared/contracts/ipc/index.ts';
import { decideHolding } from './holding.ts';

const nowMs = Date.parse('2026-11-26T12:00:00.000Z');
const holds = (code: string | null, agoMs = 10_000, status: NodeRow['status'] = 'online') =>
  decideHolding(
    {
      status,
      holding: {
        since: new Date(nowMs - agoMs).toISOString(),
        why:
          code === null
            ? null
            : ({ code, kind: 'transient', message: 'm', next: 'n' } as NonNullable<NodeRow['holding']>['why']),
      },
    },
    nowMs,
  );

describe('how a node holds', () => {
  it('is nothing where it takes changes, or where its word is old', () => {
    expect(decideHolding({ status: 'online', holding: null }, nowMs)).toBeNull();
    expect(holds('hold.behind-chain', 10_000, 'offline')).toBeNull();
    expect(holds('hold.waiting', 10_000, 'unknown')).toBeNull();
  });

  it('HOLD-1: after a start it is answered by itself, and needs somebody when nobody has answered', () => {
    expect(holds('hold.waiting')).toBe('asks');
    expect(holds(null)).toBe('asks');
    expect(holds('hold.waiting', 120_000)).toBe('unanswered');
    expect(holds(null, 300_000)).toBe('unanswered');
  });

  it('tells at once what nobody can answer by himself', () => {
    expect(holds('hold.behind-trust')).toBe('lacks-trust');
    expect(holds('hold.behind-chain')).toBe('forgot');
  });
});
