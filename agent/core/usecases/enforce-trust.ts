import { fault } from '#shared/kernel/index.ts';
import { decideDeviceMay, type Envelope, mayHoldSession, unknownSigner } from '#shared/trust/index.ts';
import { performAudited } from '../audit/audit-log.ts';
import type { Core } from '../core.ts';
import type { JobChange } from '../jobs/job-machine.ts';
import type { JobRecord } from '../store/records.ts';

/** What a queued release that lost its signer leaves in the audit log. */
export const DROP_JOB_ACTION = 'job.drop';

/**
 * Carries out what the trust log says by now: ends sessions and links of what was revoked, drops its queued releases and
 * its rows. Asked after each extension, and at each start for what a kill came in between. Nodes and devices do the same
 * by themselves and do not rely on it.
 */
export async function enforceTrust(core: Core, link: Links): Promise<void> {
  const state = core.trust.current();
  core.sessions.endAllBut((deviceId) => mayHoldSession(state, deviceId, core.clock.nowMs()));
  for (const [nodeId, connection] of link.connections)
    if (!state.nodes.has(nodeId)) connection.close(revokedNode(nodeId));
  await core.rows.settleVoid();
  await dropQueued(core);
}

/** The links of nodes, by nodeId. */
interface Links {
  readonly connections: ReadonlyMap<string, { close(reason: ReturnType<typeof revokedNode>): void }>;
}

/** A8-12: a release that still waits for its node goes when its signer may not order it any more, or its node is gone. */
async function dropQueued(core: Core): Promise<void> {
  const { read } = core.store.durable;
  const waiting = await read.listJobs({ state: 'queued' });
  const unsent = (await read.listJobs({ state: 'running' })).filter(
    (job) => job.outcome === null && core.nodes.connected(job.node) === undefined,
  );
  const changes: (JobChange | null)[] = [];
  for (const job of [...waiting, ...unsent]) {
    const why = await whyDropped(core, job);
    if (why === undefined) continue;
    const subject = { job: job.id, app: job.appId, header: job.header, number: String(job.number), fault: why.code };
    const act = { actor: { kind: 'core' as const, id: 'core' }, action: DROP_JOB_ACTION, subject, envelope: null };
    const change = await performAudited(
      { store: core.store.durable, clock: core.clock },
      act,
      async () => (tx) => core.jobs.applyEvent(tx, job.id, { type: 'undeliverable', fault: why }),
    );
    changes.push(change);
  }
  core.jobs.settle(changes);
}

async function whyDropped(core: Core, job: JobRecord) {
  const state = core.trust.current();
  if (!state.nodes.has(job.node)) return revokedNode(job.node);
  const header = await core.store.durable.read.getHeader(job.header);
  const signer = (header?.envelope as Envelope | undefined)?.signatures[0]?.keyid;
  if (signer === undefined) return undefined;
  if (!state.devices.has(signer)) return unknownSigner(state, signer);
  const scope = { node: job.node, appId: job.appId, now: core.clock.nowMs() };
  const may = decideDeviceMay(state, signer, job.verb, scope);
  return may.ok ? undefined : may.error;
}

function revokedNode(nodeId: string) {
  return fault(
    'node.revoked',
    'denied',
    `Node ${nodeId} was revoked.`,
    'If it is yours and to be used again, reset it and let it join anew with a token.',
    { detail: { node: nodeId } },
  );
}
