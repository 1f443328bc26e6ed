import { expect, it } from 'vitest';
import type { SessionView } from '#shared/contracts/ipc/index.ts';
import { type FleetFacts, moodOf } from './fleet-mood.ts';

const session = (phase: SessionView['phase'], state: 'reachable' | 'away' = 'reachable') =>
  ({ phase, core: { contact: { state } } }) as SessionView;
const calm: FleetFacts = {
  session: session('ready'),
  nodes: [
    { name: 'nas', status: 'online' },
    { name: 'pi', status: 'unknown' },
  ],
  apps: [{ name: 'miniflux', status: 'running' }],
  jobs: [{ state: 'done' }],
  pending: { intents: [], stuck: [], refused: [] },
  requests: [],
};

it.each([
  [{ session: null }, 'starting', 'Starting'],
  [{ session: session('loading') }, 'starting', 'Starting'],
  [{ session: session('unclaimed') }, 'attention', 'Not set up yet'],
  [{}, 'good', 'All well: 1 of 2 nodes online'],
  [{ jobs: [{ state: 'running' as const }] }, 'busy', 'One job is running'],
  [{ requests: [{ name: 'phone' }], jobs: [{ state: 'running' as const }] }, 'attention', 'phone asks to be let in'],
  [{ nodes: [{ name: 'nas', status: 'offline' as const }], requests: [{ name: 'phone' }] }, 'alert', 'Offline: nas'],
  [{ apps: [{ name: 'wiki', status: 'degraded' as const }] }, 'alert', 'Not healthy: wiki'],
  [
    { session: session('ready', 'away'), nodes: [{ name: 'nas', status: 'offline' as const }] },
    'away',
    'The core does not answer; your replica works',
  ],
] as const)('%j is %s', (facts, mood, sentence) => {
  expect(moodOf({ ...calm, ...(facts as Partial<FleetFacts>) })).toEqual({ mood, sentence });
});

it('many names are cut', () => {
  const nodes = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, status: 'offline' as const }));
  expect(moodOf({ ...calm, nodes }).sentence).toBe('Offline: a, b, c and 2 more');
});
