import type { NodeToCore } from '#shared/contracts/link/messages.ts';
import { observedStateSchema } from '#shared/contracts/link/observed.ts';
import type { OperationAudit } from '#shared/contracts/rest/index.ts';
import { FaultError, fault, isoTime, toBase64, unwrap } from '#shared/kernel/index.ts';
import { type Envelope, everyTrustKey, openEnvelope } from '#shared/trust/index.ts';
import { performAudited } from '../audit/audit-log.ts';
import type { Core } from '../core.ts';
import type { JobChange } from '../jobs/job-machine.ts';
import type { JobRecord } from '../store/records.ts';
import { askWitnesses, passStatement, VOUCH_ACTION } from '../usecases/vouch-for-node.ts';
import { storeNodeAudit } from './node-audit.ts';
import type { ConnectedNode } from './node-book.ts';
import { nodeKeys } from './node-keys.ts';
import { publishStatus } from './publish-status.ts';

type Message<T extends NodeToCore['type']> = Extract<NodeToCore, { type: T }>;

/** Entries of 64 KiB at most, in a frame of 4 MiB. */
const OWN_AUDIT_PAGE = 32;

interface LinkRule<T extends NodeToCore['type']> {
  /** What each message of this type leaves in the audit log. */
  readonly audit: OperationAudit;
  handle(core: Core, node: ConnectedNode, message: Message<T>): Promise<void>;
}

/** One rule for each message that a node may send after its hello. */
export const linkRules: { readonly [T in Exclude<NodeToCore['type'], 'hello'>]: LinkRule<T> } = {
  heartbeat: {
    audit: { none: 'a sign of life lives in memory' },
    async handle(core, node, { facts }) {
      core.nodes.touch(node.nodeId, facts);
      const seenAt = isoTime(core.clock);
      core.events.tell({ type: 'facts', data: { nodeId: node.nodeId, seenAt, facts } });
    },
  },
  step: {
    audit: { none: 'step logs are rebuildable; the outcome is what counts' },
    handle: (core, node, message) => core.jobs.nodeStep(node.nodeId, message),
  },
  trust: {
    audit: { action: 'trust.extend' },
    async handle(core, node, { entries }) {
      if (!core.trust.isNews(entries as Envelope[])) return;
      await core.trust.extend(entries as Envelope[], {
        actor: { kind: 'node', id: node.nodeId },
        action: 'trust.extend',
      });
    },
  },
  outcome: { audit: { action: 'release.outcome' }, handle: takeOutcome },
  report: { audit: { none: 'observed state is rebuildable and signed by its node' }, handle: takeReport },
  audit: {
    audit: { action: 'node-audit.store' },
    handle: (core, node, { entries }) => storeNodeAudit(core, node, entries),
  },
  holding: {
    audit: { none: 'what a node says of itself lives in memory; who ends it is written down' },
    async handle(core, node, { hold }) {
      node.hold = hold;
      publishStatus(core, node.nodeId);
      askWitnesses(core);
    },
  },
  statement: {
    audit: { action: VOUCH_ACTION },
    handle: (core, node, { node: about, envelope }) =>
      passStatement(core, { kind: 'node', id: node.nodeId }, about, envelope as Envelope).then(() => {}),
  },
  'need-own-audit': {
    audit: { none: 'reads only' },
    async handle(core, node, { afterSeq }) {
      const page = await core.store.durable.read.listNodeAudit(node.nodeId, afterSeq, OWN_AUDIT_PAGE);
      node.connection.send({ type: 'own-audit', entries: page.map(({ envelope }) => envelope) as never });
    },
  },
  'need-object': {
    audit: { none: 'reads only' },
    async handle(core, node, { hash }) {
      const bytes = await core.store.durable.read.getObject(hash);
      node.connection.send({ type: 'object', hash, data: bytes === undefined ? null : toBase64(bytes) });
    },
  },
  'need-chain': {
    audit: { none: 'reads only' },
    handle: (core, node, { appId, afterNumber }) => core.jobs.resend(node.nodeId, appId, afterNumber),
  },
  'command-result': {
    audit: { none: 'sealed answer passed on; the command itself was written down' },
    async handle(core, node, { command, ok, fault: why, hello }) {
      core.commands.result(node.nodeId, command, { ok, fault: (why as never) ?? null, hello });
    },
  },
  frame: {
    audit: { none: 'sealed answer passed on; the command itself was written down' },
    async handle(core, node, { command, data }) {
      core.commands.frame(node.nodeId, command, data);
    },
  },
};

/** An outcome counts when the node's own signed chain says the same; it is durable before it is acknowledged. */
async function takeOutcome(core: Core, node: ConnectedNode, message: Message<'outcome'>): Promise<void> {
  const { nodeId, connection } = node;
  const known = await core.store.durable.read.getJobByHeader(message.header);
  if (known !== undefined && known.node === nodeId && known.outcome !== null) {
    connection.send({ type: 'outcome-ack', header: message.header });
    return;
  }
  const act = {
    actor: { kind: 'node' as const, id: nodeId },
    action: 'release.outcome',
    subject: {
      app: message.appId,
      header: message.header,
      number: String(message.number),
      outcome: message.outcome as string,
      job: known?.id ?? '',
    },
    envelope: message.proof as Envelope,
  };
  let change: JobChange | null = null;
  await performAudited({ store: core.store.durable, clock: core.clock }, act, async () => {
    if (known === undefined || known.node !== nodeId || known.appId !== message.appId) {
      // The refusal is on record; a node that is never answered would tell it again at every greeting.
      connection.send({ type: 'outcome-ack', header: message.header });
      throw new FaultError(notOrdered(message.header, nodeId));
    }
    const proof = await openEnvelope(message.proof as Envelope, {
      kind: 'node-audit',
      fleet: core.trust.fleet(),
      keys: nodeKeys(core, nodeId),
    });
    const { order, action } = unwrap(proof).payload;
    if (order !== message.header || action !== message.outcome) throw new FaultError(badProof(message.outcome, action));
    const floor = message.floor === null ? null : await openFloor(core, known, message.floor as Envelope);
    const probe = message.outcome === 'succeeded' && (await core.jobs.probeWanted(known));
    return async (tx) => {
      if (floor !== null) {
        await tx.addHeader(floor);
        await tx.setTip(floor.appId, floor.node, floor.hash);
      }
      change = await core.jobs.applyEvent(tx, known.id, {
        type: 'outcome',
        outcome: message.outcome,
        awayMs: message.awayMs,
        fault: (message.fault as never) ?? null,
        probe,
      });
    };
  });
  if (message.outcome !== 'refused') node.floors.set(message.appId, { number: message.number, header: message.header });
  core.jobs.settle([change]);
  connection.send({ type: 'outcome-ack', header: message.header });
}

/** On a clash of numbers the node's own floor header is what the next release must follow. */
async function openFloor(core: Core, job: JobRecord, envelope: Envelope) {
  const state = core.trust.current();
  const opened = await openEnvelope(envelope, {
    kind: 'release',
    fleet: state.fleet,
    // Also a revoked device's: what it signed before stands.
    keys: everyTrustKey(state, 'device'),
  });
  if (!opened.ok || opened.value.payload.appId !== job.appId || opened.value.payload.node !== job.node) return null;
  const { appId, node, number, previous, body, changeSet } = opened.value.payload;
  return { hash: opened.value.itemHash, appId, node, number, previous, body, changeSet, envelope };
}

async function takeReport(core: Core, node: ConnectedNode, message: Message<'report'>): Promise<void> {
  const opened = unwrap(
    await openEnvelope(message.envelope as Envelope, {
      kind: 'report',
      fleet: core.trust.fleet(),
      keys: nodeKeys(core, node.nodeId),
    }),
  );
  const state = observedStateSchema.safeParse(opened.payload);
  if (!state.success || state.data.node !== node.nodeId) throw new FaultError(badReport(node.nodeId));
  core.nodes.touch(node.nodeId, null);
  const before = core.observed.get(node.nodeId);
  if (!(await core.observed.put(node.nodeId, state.data, message.envelope as Envelope))) return;
  for (const app of state.data.apps) {
    const old = before?.apps.find((item) => item.appId === app.appId);
    if (JSON.stringify(old) === JSON.stringify(app)) continue;
    const report = { node: node.nodeId, seenAt: state.data.seenAt, app };
    core.events.publish({ type: 'app', data: { appId: app.appId, report } });
  }
}

function notOrdered(header: string, nodeId: string) {
  return fault(
    'job.not-ordered',
    'conflict',
    `Node ${nodeId} tells the end of release ${header}, which this core never sent to it.`,
    'If the core was restored from a backup, deploy anew from a device.',
    { detail: { header } },
  );
}

function badProof(outcome: string, action: string) {
  return fault(
    'job.bad-proof',
    'denied',
    `The outcome says ${outcome}; the signed entry that proves it says ${action} or is about another release.`,
    'Look at the node: its program may be altered or newer than this core.',
  );
}

function badReport(nodeId: string) {
  return fault(
    'report.malformed',
    'denied',
    `A report of node ${nodeId} does not follow the contract or names another node.`,
    'Check that node and core run neighbouring versions.',
  );
}
