import { decideHolding, jobWord } from '#renderer/review/index.ts';
import { words } from '#renderer/words/index.ts';
import { isAlarm } from '#shared/contracts/errors/alarms.ts';
import type {
  AppRow,
  DeviceRequest,
  Invitation,
  JobRow,
  NodeRow,
  PendingView,
  ProposalRow,
  SessionView,
} from '#shared/contracts/ipc/index.ts';

export type AttentionKind = keyof typeof words.overview.attention.groups;

/** Something that waits for a person. */
export interface Attention {
  readonly id: string;
  readonly kind: AttentionKind;
  readonly tone: 'bad' | 'warn';
  readonly text: string;
  readonly act: string;
  readonly href: string;
  readonly at: string | null;
}

/** What a person sees of the fleet's state. */
export interface FleetState {
  readonly nodes: readonly NodeRow[];
  readonly apps: readonly AppRow[];
  readonly jobs: readonly JobRow[];
  readonly invitations: readonly Invitation[];
  readonly requests: readonly DeviceRequest[];
  readonly proposals: readonly ProposalRow[];
  readonly pending: PendingView | undefined;
  readonly notices: SessionView['notices'];
}

/** A failure older than this was seen, or does not matter. */
const FAILED_FOR_MS = 86_400_000;
/** More of one kind become one line. */
const MOST_OF_A_KIND = 3;

const text = words.overview.attention;

/** Where the members of a kind are found together. */
const places: Record<AttentionKind, string> = {
  request: '/devices',
  proposal: '/plan',
  alarm: '/audit',
  holding: '/nodes',
  'void-release': '/apps',
  'intent-clash': '/plan',
  refused: '/plan',
  clash: '/apps',
  stuck: '/plan',
  blocked: '/plan',
  failed: '/jobs',
  away: '/apps',
  degraded: '/apps',
  offline: '/nodes',
  invitation: '/nodes',
  'lost-race': '/nodes',
};

/** What needs a decision, the most urgent first; many of one kind are told in one line. */
export function findAttention(fleet: FleetState, nowMs: number): Attention[] {
  const found = [
    ...invitations(fleet.invitations),
    ...requests(fleet.requests),
    ...proposals(fleet.proposals),
    ...alarms(fleet.notices),
    ...offline(fleet.nodes),
    ...holding(fleet.nodes, nowMs),
    ...voidReleases(fleet.apps),
    ...unwell(fleet.apps, 'away'),
    ...failed(fleet.jobs, nowMs),
    ...pendingOnes(fleet.pending),
    ...clashes(fleet.apps),
    ...unwell(fleet.apps, 'degraded'),
  ];
  return gather(found).sort((a, b) => urgency(a) - urgency(b));
}

/** A device that waits, or a pipeline, has a clock that runs; what failed comes before what only wants a look. */
function urgency({ kind, tone }: Attention): number {
  return kind === 'request' || kind === 'proposal' ? 0 : tone === 'bad' ? 1 : 2;
}

function gather(found: readonly Attention[]): Attention[] {
  const byKind = Map.groupBy(found, ({ kind }) => kind);
  return [...byKind].flatMap(([kind, own]) => {
    const [first] = own;
    if (first === undefined || own.length <= MOST_OF_A_KIND) return own;
    return [
      { ...first, id: kind, text: text.groups[kind](own.length), act: text.groupAct, href: places[kind], at: null },
    ];
  });
}

function requests(rows: readonly DeviceRequest[]): Attention[] {
  return rows.map(({ id, name }) => ({
    id: `request ${id}`,
    kind: 'request',
    tone: 'warn',
    text: text.request(name),
    act: text.requestAct,
    href: '/devices',
    at: null,
  }));
}

function proposals(rows: readonly ProposalRow[]): Attention[] {
  return rows.map(({ id, by, verb, appName, createdAt }) => ({
    id: `proposal ${id}`,
    kind: 'proposal',
    tone: 'warn',
    text: text.proposal(by.name, words.review.askedFor[verb](appName)),
    act: text.proposalAct,
    href: '/plan',
    at: createdAt,
  }));
}

function invitations(rows: readonly Invitation[]): Attention[] {
  return rows
    .filter(({ state, lostRaces }) => lostRaces > 0 || state === 'expired')
    .map(({ id, name, lostRaces, expiresAt }) => ({
      id: `invitation ${id}`,
      kind: lostRaces > 0 ? 'lost-race' : 'invitation',
      tone: lostRaces > 0 ? 'bad' : 'warn',
      text: lostRaces > 0 ? text.lostRace(name ?? id) : text.expired(name ?? id),
      act: text.invitationAct,
      href: '/nodes',
      at: expiresAt,
    }));
}

function offline(rows: readonly NodeRow[]): Attention[] {
  return rows
    .filter(({ status }) => status === 'offline')
    .map(({ id, name, lastSeenAt }) => ({
      id: `offline ${id}`,
      kind: 'offline',
      tone: 'bad',
      text: text.offline(name),
      act: text.offlineAct,
      href: `/nodes/${id}`,
      at: lastSeenAt,
    }));
}

/** AUD-8: what stands in one record of what happened and not in another. Its notice says it in full; that one may be put away. */
function alarms(notices: SessionView['notices']): Attention[] {
  return notices
    .filter(({ fault }) => isAlarm(fault.code))
    .map(({ id, at, fault }) => ({
      id: `alarm ${id}`,
      kind: 'alarm',
      tone: 'bad',
      text: fault.message,
      act: text.alarmAct,
      href: '/audit',
      at,
    }));
}

/** A server that waits for its fleet; one that has just started is answered by this device, and needs nobody. */
function holding(rows: readonly NodeRow[], nowMs: number): Attention[] {
  return rows.flatMap((node): Attention[] => {
    const kind = decideHolding(node, nowMs);
    if (kind === null || kind === 'asks') return [];
    return [
      {
        id: `holding ${node.id}`,
        kind: 'holding',
        tone: 'bad',
        text: text.holding[kind](node.name),
        act: text.holdingAct,
        href: `/nodes/${node.id}`,
        at: node.holding?.since ?? null,
      },
    ];
  });
}

/** Signed by who was removed since, and not known to anybody before: the next deploy replaces it. */
function voidReleases(rows: readonly AppRow[]): Attention[] {
  return rows.flatMap(({ id, name, voidSigner }): Attention[] =>
    voidSigner === null
      ? []
      : [
          {
            id: `void ${id}`,
            kind: 'void-release',
            tone: 'warn',
            text: text.voidRelease(name, voidSigner),
            act: text.voidReleaseAct,
            href: `/apps/${id}`,
            at: null,
          },
        ],
  );
}

/** Apps on nodes that are not heard are told by the node alone. */
function unwell(rows: readonly AppRow[], status: 'away' | 'degraded'): Attention[] {
  return rows
    .filter((app) => app.status === status && app.job === null && app.node?.status === 'online')
    .map(({ id, name, seenAt }) => ({
      id: `${status} ${id}`,
      kind: status,
      tone: status === 'away' ? 'bad' : 'warn',
      text: text[status](name),
      act: text.appAct,
      href: `/apps/${id}`,
      at: seenAt,
    }));
}

/** Only the newest job of an app counts: what succeeded after is settled. */
function failed(rows: readonly JobRow[], nowMs: number): Attention[] {
  const newest = new Map<string, JobRow>();
  for (const job of rows) {
    const before = newest.get(job.appId);
    if (before === undefined || job.createdAt > before.createdAt) newest.set(job.appId, job);
  }
  return [...newest.values()]
    .filter(({ outcome }) => outcome === 'failed' || outcome === 'rolled-back' || outcome === 'refused')
    .filter(({ endedAt }) => endedAt !== null && nowMs - Date.parse(endedAt) < FAILED_FOR_MS)
    .map((job) => ({
      id: `failed ${job.id}`,
      kind: 'failed',
      tone: job.outcome === 'rolled-back' ? 'warn' : 'bad',
      text: text.failed(words.review.verb[job.verb], job.appName, jobWord(job)),
      act: text.failedAct,
      href: `/jobs/${job.id}`,
      at: job.endedAt,
    }));
}

function pendingOnes(pending: PendingView | undefined): Attention[] {
  if (!pending) return [];
  const one = (kind: AttentionKind, id: string, label: string, act: string): Attention => ({
    id: `${kind} ${id}`,
    kind,
    tone: 'warn',
    text: label,
    act,
    href: '/plan',
    at: null,
  });
  return [
    ...pending.intents
      .filter(({ state }) => state === 'clash')
      .map(({ id, appName }) => one('intent-clash', id, text.intentClash(appName), text.intentClashAct)),
    ...pending.refused.map(({ id, appName }) => one('refused', id, text.refused(appName), text.refusedAct)),
    ...pending.stuck.map(({ appId, appName }) => one('stuck', appId, text.stuck(appName), text.stuckAct)),
    ...pending.plans
      .filter(({ blocked }) => blocked.length > 0)
      .map(({ appId, appName }) => one('blocked', appId, text.blocked(appName), text.blockedAct)),
  ];
}

function clashes(rows: readonly AppRow[]): Attention[] {
  return rows
    .filter((app) => app.clashes.length > 0)
    .map(({ id, name, clashes: fields }) => ({
      id: `clash ${id}`,
      kind: 'clash',
      tone: 'warn',
      text: text.clash(name, fields.length),
      act: text.clashAct,
      href: `/apps/${id}`,
      at: null,
    }));
}
