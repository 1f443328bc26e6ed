import type { AppRow, DeviceRequest, JobRow, NodeRow, PendingView, SessionView } from '#shared/contracts/ipc/index.ts';

/** What the tray tells of the fleet, most urgent last. */
export const fleetMoods = ['starting', 'good', 'busy', 'away', 'attention', 'alert'] as const;
export type FleetMood = (typeof fleetMoods)[number];

/** What the main process knows of the fleet by the bridge; null before the first message of a topic. */
export interface FleetFacts {
  readonly session: SessionView | null;
  readonly nodes: readonly Pick<NodeRow, 'name' | 'status'>[];
  readonly apps: readonly Pick<AppRow, 'name' | 'status'>[];
  readonly jobs: readonly Pick<JobRow, 'state'>[];
  readonly pending: Pick<PendingView, 'intents' | 'stuck' | 'refused'> | null;
  readonly requests: readonly Pick<DeviceRequest, 'name'>[];
}

/** The fleet's mood and the sentence that gives the reason. */
export interface FleetWord {
  readonly mood: FleetMood;
  readonly sentence: string;
}

/** Sums the fleet up in one mood: the most urgent thing that is true. */
export function moodOf(facts: FleetFacts): FleetWord {
  const { session } = facts;
  if (session === null || session.phase === 'loading') return { mood: 'starting', sentence: 'Starting' };
  if (session.phase !== 'ready') return { mood: 'attention', sentence: 'Not set up yet' };
  if (session.core.contact.state === 'away') {
    // What nodes do is not known then: older bad news would be a guess.
    return { mood: 'away', sentence: 'The core does not answer; your replica works' };
  }
  const offline = facts.nodes.filter((node) => node.status === 'offline').map((node) => node.name);
  if (offline.length > 0) return { mood: 'alert', sentence: `Offline: ${list(offline)}` };
  const degraded = facts.apps.filter((app) => app.status === 'degraded').map((app) => app.name);
  if (degraded.length > 0) return { mood: 'alert', sentence: `Not healthy: ${list(degraded)}` };
  const [asking] = facts.requests;
  if (asking) return { mood: 'attention', sentence: `${asking.name} asks to be let in` };
  const clashes = (facts.pending?.intents ?? []).filter((intent) => intent.state === 'clash').length;
  if (clashes + (facts.pending?.stuck.length ?? 0) + (facts.pending?.refused.length ?? 0) > 0)
    return { mood: 'attention', sentence: 'A change needs a decision' };
  const busy = facts.jobs.filter((job) => job.state === 'queued' || job.state === 'running').length;
  if (busy > 0) return { mood: 'busy', sentence: busy === 1 ? 'One job is running' : `${busy} jobs are running` };
  const online = facts.nodes.filter((node) => node.status === 'online').length;
  return { mood: 'good', sentence: `All well: ${online} of ${facts.nodes.length} nodes online` };
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
