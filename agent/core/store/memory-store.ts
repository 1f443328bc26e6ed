import { FaultError } from '#shared/kernel/index.ts';
import type { CoreStore, DurableReads, DurableWrites } from './port.ts';
import type * as records from './records.ts';
import { byCreation, byExpiry } from './sqlite-reads.ts';
import { auditGap } from './sqlite-writes.ts';

interface State {
  meta: Map<string, string>;
  trust: Map<string, records.StoredTrustEntry>;
  rows: Map<string, records.StoredRowRecord>;
  objects: Map<string, Uint8Array>;
  headers: Map<string, records.StoredHeader>;
  tips: Map<string, string>;
  changeSets: Map<string, records.StoredChangeSet>;
  jobs: Map<string, records.JobRecord>;
  transitions: Map<number, records.JobTransition>;
  enrolments: Map<string, records.EnrolmentRecord>;
  proposals: Map<string, records.ProposalRecord>;
  tokens: Map<string, records.TokenRecord>;
  audit: Map<number, records.StoredAuditEntry>;
  nodeAudit: Map<string, records.StoredNodeAudit>;
}

/** A double of the store's port in memory, held to the same contract suite; nothing survives it. */
export function createMemoryStore(): CoreStore {
  let state: State = emptyState();
  let last: Promise<unknown> = Promise.resolve();
  const read = createReads(() => state);
  const observed = new Map<string, string>();
  const sightings = new Map<string, records.NodeSighting>();
  const steps = new Map<string, records.JobStep[]>();
  return {
    durable: {
      read,
      write(unit) {
        const run = last.then(async () => {
          const draft = copyState(state);
          const value = await unit(createWrites(draft));
          state = draft;
          return value;
        });
        last = run.catch(() => {});
        return run;
      },
      failing: () => null,
    },
    rebuildable: {
      async putObserved(node, envelope) {
        observed.set(node, envelope);
      },
      async listObserved() {
        return [...observed]
          .map(([node, envelope]) => ({ node, envelope }))
          .sort((a, b) => a.node.localeCompare(b.node));
      },
      async putSighting(sighting) {
        sightings.set(sighting.node, sighting);
      },
      async listSightings() {
        return [...sightings.values()].sort((a, b) => a.node.localeCompare(b.node));
      },
      async addStep(job, step) {
        steps.set(job, [...(steps.get(job) ?? []), step]);
      },
      async listSteps(jobs) {
        return new Map(jobs.flatMap((job) => (steps.has(job) ? [[job, steps.get(job) ?? []] as const] : [])));
      },
    },
    async close() {},
  };
}

function emptyState(): State {
  return {
    meta: new Map(),
    trust: new Map(),
    rows: new Map(),
    objects: new Map(),
    headers: new Map(),
    tips: new Map(),
    changeSets: new Map(),
    jobs: new Map(),
    transitions: new Map(),
    enrolments: new Map(),
    proposals: new Map(),
    tokens: new Map(),
    audit: new Map(),
    nodeAudit: new Map(),
  };
}

function copyState(state: State): State {
  return Object.fromEntries(Object.entries(state).map(([key, map]) => [key, new Map(map)])) as unknown as State;
}

function createReads(now: () => State): DurableReads {
  return {
    getMeta: async (key) => now().meta.get(key),
    listTrust: async () => [...now().trust.values()],
    listRows: async () => [...now().rows.values()],
    getObject: async (hash) => now().objects.get(hash),
    heldObjects: async (hashes) => new Set(hashes.filter((hash) => now().objects.has(hash))),
    getHeader: async (hash) => now().headers.get(hash),
    listHeaders: async ({ appId, node }) =>
      [...now().headers.values()]
        .filter(
          (header) => (appId === undefined || header.appId === appId) && (node === undefined || header.node === node),
        )
        .sort(
          (a, b) =>
            compare(a.appId, b.appId) || compare(a.node, b.node) || a.number - b.number || compare(a.hash, b.hash),
        ),
    getTip: async (appId, node) => now().tips.get(`${appId}/${node}`),
    getChangeSet: async (id) => now().changeSets.get(id),
    getJob: async (id) => now().jobs.get(id),
    getJobByHeader: async (header) => [...now().jobs.values()].find((job) => job.header === header),
    listJobs: async ({ state, appId, node, limit }) =>
      [...now().jobs.values()]
        .filter((job) => state === undefined || job.state === state)
        .filter((job) => appId === undefined || job.appId === appId)
        .filter((job) => node === undefined || job.node === node)
        .reverse()
        .slice(0, limit ?? Number.POSITIVE_INFINITY),
    listTransitions: async (job) => [...now().transitions.values()].filter((transition) => transition.job === job),
    getEnrolment: async (admitHash) => now().enrolments.get(admitHash),
    listEnrolments: async () => [...now().enrolments.values()].sort(byExpiry),
    getProposal: async (id) => now().proposals.get(id),
    listTokens: async () => [...now().tokens.values()].sort((a, b) => (a.tokenId < b.tokenId ? -1 : 1)),
    listProposals: async () => [...now().proposals.values()].sort(byCreation),
    getAuditEntry: async (hash) => [...now().audit.values()].find((entry) => entry.hash === hash),
    auditHead: async () => [...now().audit.values()].at(-1),
    listAudit: async (after, limit) => [...now().audit.values()].filter((entry) => entry.seq > after).slice(0, limit),
    listNewestAudit: async (after, before, limit) =>
      [...now().audit.values()]
        .filter((entry) => entry.seq > after && entry.seq < before)
        .reverse()
        .slice(0, limit),
    nodeAuditHead: async (node) =>
      [...now().nodeAudit.values()]
        .filter((entry) => entry.node === node)
        .sort((a, b) => a.seq - b.seq)
        .at(-1),
    nodeAuditHeads: async (nodes) => {
      const entries = [...now().nodeAudit.values()].filter((entry) => nodes.includes(entry.node));
      return new Map(entries.sort((a, b) => a.seq - b.seq).map((entry) => [entry.node, entry]));
    },
    listNodeAudit: async (node, after, limit) =>
      [...now().nodeAudit.values()]
        .filter((entry) => entry.node === node && entry.seq > after)
        .sort((a, b) => a.seq - b.seq)
        .slice(0, limit),
  };
}

function createWrites(draft: State): DurableWrites {
  return {
    ...createReads(() => draft),
    async setMeta(key, value) {
      if (value === null) draft.meta.delete(key);
      else draft.meta.set(key, value);
    },
    addTrust: async (entry) => addOnce(draft.trust, entry.hash, entry),
    addRow: async (row) => addOnce(draft.rows, row.hash, row),
    addObject: async (hash, bytes) => addOnce(draft.objects, hash, bytes),
    addHeader: async (header) => addOnce(draft.headers, header.hash, header),
    async setTip(appId, node, header) {
      draft.tips.set(`${appId}/${node}`, header);
    },
    addChangeSet: async (changeSet) => addOnce(draft.changeSets, changeSet.id, changeSet),
    async putJob(job) {
      draft.jobs.set(job.id, job);
    },
    async addTransition(transition) {
      draft.transitions.set(draft.transitions.size, transition);
    },
    async putEnrolment(enrolment) {
      draft.enrolments.set(enrolment.admitHash, enrolment);
    },
    async removeProposal(id) {
      draft.proposals.delete(id);
    },
    async putToken(token) {
      draft.tokens.set(token.tokenId, token);
    },
    async putProposal(proposal) {
      draft.proposals.set(proposal.id, proposal);
    },
    async addAudit(entry) {
      if (entry.seq !== draft.audit.size + 1) throw new FaultError(auditGap(entry.seq, draft.audit.size));
      draft.audit.set(entry.seq, entry);
    },
    addNodeAudit: async (entry) => addOnce(draft.nodeAudit, `${entry.node}/${entry.seq}`, entry),
  };
}

function addOnce<V>(map: Map<string, V>, key: string, value: V): boolean {
  if (map.has(key)) return false;
  map.set(key, value);
  return true;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
