import { z } from 'zod';
import type { DeviceRequest, Enrolment, Job, NodeView, Proposal } from '#shared/contracts/rest/index.ts';
import { type CoreEvent, enrolmentSchema, jobSchema, nodeSchema } from '#shared/contracts/rest/index.ts';
import { type Clock, isoTime, ok, type Result } from '#shared/kernel/index.ts';
import type { CoreClient } from '../../connection/core-client.ts';

/** Jobs that a host holds. */
const HELD_JOBS = 500;

/** What changed in the lists. */
export interface ListChange {
  readonly nodes?: boolean;
  readonly jobs?: readonly string[];
  readonly enrolments?: boolean;
  readonly deviceRequests?: boolean;
  readonly proposals?: boolean;
  /** The app whose report changed. */
  readonly app?: string;
}

/** What the core observes, as this device last heard it: read once for each connection, then kept by events. */
export interface CoreLists {
  nodes(): ReadonlyMap<string, NodeView>;
  jobs(): ReadonlyMap<string, Job>;
  enrolments(): ReadonlyMap<string, Enrolment>;
  /** Devices that ask to be let in; only owners hear of them. */
  deviceRequests(): ReadonlyMap<string, DeviceRequest>;
  /** Proposals that waited when last heard. */
  proposals(): ReadonlyMap<string, Proposal>;
  read(client: CoreClient, clock: Clock): Promise<Result<void>>;
  take(event: CoreEvent): ListChange;
  /** When the lists were last read or an event came; null before the first. */
  heardAt(): string | null;
  /** For the next start without the core: jobs without their steps. */
  toMemo(): string;
}

const memoSchema = z.object({
  heardAt: z.string().nullable(),
  nodes: z.array(nodeSchema),
  jobs: z.array(jobSchema),
  enrolments: z.array(enrolmentSchema),
});

/** Makes the lists, from a memo of an earlier start where there is one that still reads. */
export function createCoreLists(memo: string | undefined): CoreLists {
  const nodes = new Map<string, NodeView>();
  const jobs = new Map<string, Job>();
  const enrolments = new Map<string, Enrolment>();
  const deviceRequests = new Map<string, DeviceRequest>();
  const proposals = new Map<string, Proposal>();
  let heardAt: string | null = null;
  const before = memo === undefined ? undefined : memoSchema.safeParse(JSON.parse(memo));
  if (before?.success) {
    heardAt = before.data.heardAt;
    for (const node of before.data.nodes) nodes.set(node.nodeId, node);
    for (const job of before.data.jobs) jobs.set(job.id, job);
    for (const one of before.data.enrolments) enrolments.set(one.enrolment, one);
  }

  const cutJobs = (): void => {
    if (jobs.size <= HELD_JOBS) return;
    const oldest = [...jobs.values()].sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
    for (const { id } of oldest.slice(0, jobs.size - HELD_JOBS)) jobs.delete(id);
  };

  const takeReport = ({
    node,
    seenAt,
    app,
  }: NonNullable<Extract<CoreEvent, { type: 'app' }>['data']['report']>): void => {
    const known = nodes.get(node);
    if (!known) return;
    const apps = known.observed?.apps.filter(({ appId }) => appId !== app.appId) ?? [];
    nodes.set(node, { ...known, observed: { node, seenAt, apps: [...apps, app] } });
  };

  return {
    nodes: () => nodes,
    jobs: () => jobs,
    enrolments: () => enrolments,
    deviceRequests: () => deviceRequests,
    proposals: () => proposals,
    heardAt: () => heardAt,
    async read(client, clock) {
      const [nodeList, jobList, enrolmentList, requestList, proposalList] = await Promise.all([
        client.call('listNodes'),
        client.call('listJobs', { query: { limit: HELD_JOBS } }),
        client.call('listEnrolments'),
        client.call('listDeviceRequests'),
        client.call('listProposals', { query: { state: 'awaiting-signature' } }),
      ]);
      if (!nodeList.ok) return nodeList;
      if (!jobList.ok) return jobList;
      nodes.clear();
      jobs.clear();
      for (const node of nodeList.value.nodes) nodes.set(node.nodeId, node);
      for (const job of jobList.value.jobs) jobs.set(job.id, job);
      // Only owners see who asks to be let in.
      enrolments.clear();
      if (enrolmentList.ok) for (const one of enrolmentList.value.enrolments) enrolments.set(one.enrolment, one);
      else if (enrolmentList.error.kind !== 'denied') return enrolmentList;
      deviceRequests.clear();
      if (requestList.ok) for (const one of requestList.value.requests) deviceRequests.set(one.request, one);
      else if (requestList.error.kind !== 'denied') return requestList;
      proposals.clear();
      if (proposalList.ok) for (const one of proposalList.value.proposals) proposals.set(one.id, one);
      else if (proposalList.error.kind !== 'denied') return proposalList;
      heardAt = isoTime(clock);
      return ok();
    },
    take(event) {
      switch (event.type) {
        case 'job':
          jobs.set(event.data.id, event.data);
          cutJobs();
          return { jobs: [event.data.id] };
        case 'step': {
          const job = jobs.get(event.data.job);
          if (!job) return {};
          const { step } = event.data;
          const text = JSON.stringify(step);
          if (job.steps.some((known) => JSON.stringify(known) === text)) return {};
          jobs.set(job.id, { ...job, steps: [...job.steps, step] });
          return { jobs: [job.id] };
        }
        case 'node': {
          const { nodeId, name, status, hold } = event.data;
          const known = nodes.get(nodeId) ?? emptyNode(nodeId, name);
          nodes.set(nodeId, { ...known, status, hold, ...(status === 'online' ? {} : { session: null }) });
          return { nodes: true };
        }
        case 'facts': {
          const { nodeId, seenAt, facts } = event.data;
          const known = nodes.get(nodeId);
          if (!known) return {};
          nodes.set(nodeId, { ...known, facts, lastSeenAt: seenAt, status: 'online' });
          heardAt = seenAt;
          return { nodes: true };
        }
        case 'app':
          if (event.data.report) takeReport(event.data.report);
          return { app: event.data.appId };
        case 'enrolment':
          enrolments.set(event.data.enrolment, event.data);
          return { enrolments: true };
        case 'device-request':
          deviceRequests.set(event.data.request, event.data);
          return { deviceRequests: true };
        case 'proposal':
          if (event.data.state === 'awaiting-signature') proposals.set(event.data.id, event.data);
          else proposals.delete(event.data.id);
          return { proposals: true };
        default:
          return {};
      }
    },
    toMemo: () =>
      JSON.stringify({
        heardAt,
        nodes: [...nodes.values()],
        jobs: [...jobs.values()].map((job) => ({ ...job, steps: [] })),
        enrolments: [...enrolments.values()],
      }),
  };
}

function emptyNode(nodeId: string, name: string): NodeView {
  return {
    nodeId,
    name,
    status: 'unknown',
    lastSeenAt: null,
    session: null,
    facts: null,
    observed: null,
    hold: null,
    newestEntry: null,
  };
}
