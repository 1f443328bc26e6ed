import type { CoreSideConnection } from '#agent/link/index.ts';
import type { NodeToCore } from '#shared/contracts/link/messages.ts';
import { VERSION } from '#shared/contracts/versions.ts';
import { FaultError } from '#shared/kernel/index.ts';
import type { Envelope } from '#shared/trust/index.ts';
import { performAudited } from '../audit/audit-log.ts';
import type { Core } from '../core.ts';
import { linkRules } from './link-messages.ts';
import { headsOfOthers } from './node-audit.ts';
import type { ConnectedNode } from './node-book.ts';
import { publishStatus } from './publish-status.ts';

/** Entries in one `trust` message. */
const TRUST_PART = 256;

/** What a hello leaves in the audit log. */
export const HELLO_ACTION = 'node.hello';

/** Serves one node's link from its hello to its end. Messages are handled one after the other, in their order. */
export function serveNode(core: Core, connection: CoreSideConnection): void {
  let node: ConnectedNode | null = null;
  let last: Promise<void> = Promise.resolve();
  connection.onMessage((message) => {
    // A sign of life must not wait behind a slow disk.
    core.nodes.touch(connection.peer, null);
    last = last.then(() => handle(message)).catch((error: unknown) => tell(core, connection, message.type, error));
  });
  connection.onClose(() => {
    core.nodes.leave(connection);
    if (core.nodes.connected(connection.peer) !== undefined) return;
    core.commands.nodeLost(connection.peer);
    core.jobs.inBackground(async () => {
      await last;
      await core.jobs.nodeLost(connection.peer);
      await saveSighting(core, connection.peer);
    });
  });

  async function handle(message: NodeToCore): Promise<void> {
    if (message.type === 'hello') {
      node = await greet(core, connection, message);
      await core.jobs.nodeReady(node.nodeId);
      return;
    }
    if (node === null) return;
    // The table's type pairs each message with its own rule.
    await linkRules[message.type].handle(core, node, message as never);
  }
}

async function greet(
  core: Core,
  connection: CoreSideConnection,
  hello: Extract<NodeToCore, { type: 'hello' }>,
): Promise<ConnectedNode> {
  const { read } = core.store.durable;
  const act = {
    actor: { kind: 'node' as const, id: connection.peer },
    action: HELLO_ACTION,
    subject: {
      version: hello.version,
      session: hello.session,
      nodeAuditHead: hello.nodeAuditHead ?? '',
      nodeAuditSeq: String(hello.nodeAuditSeq),
    },
    envelope: null,
  };
  await performAudited({ store: core.store.durable, clock: core.clock }, act, async () => async () => {});
  const head = await read.auditHead();
  const held = await read.nodeAuditHead(connection.peer);
  connection.send({
    type: 'welcome',
    version: VERSION,
    coreAuditHead: head?.hash ?? null,
    nodeAuditSeq: held?.seq ?? 0,
  });
  if (hello.trustHead !== core.trust.current().head) sendTrust(connection, core.trust.current().entries);
  connection.send({ type: 'heads', entries: (await headsOfOthers(core, connection.peer)) as never });
  const node = core.nodes.enter(connection, hello);
  core.nodes.touch(connection.peer, hello.facts);
  await saveSighting(core, connection.peer);
  publishStatus(core, connection.peer);
  return node;
}

/** Sends entries of the trust log, parents first, in parts that fit a frame. */
export function sendTrust(connection: CoreSideConnection, entries: readonly Envelope[]): void {
  for (let from = 0; from < entries.length; from += TRUST_PART) {
    connection.send({ type: 'trust', entries: entries.slice(from, from + TRUST_PART) as never });
  }
}

/** Keeps the last sighting for the next start of the core. */
export async function saveSighting(core: Core, node: string): Promise<void> {
  const at = core.nodes.lastSeenAt(node);
  const facts = core.nodes.facts(node);
  if (at !== null) await core.store.rebuildable.putSighting({ node, at, facts: facts && JSON.stringify(facts) });
}

function tell(core: Core, connection: CoreSideConnection, type: string, error: unknown): void {
  const code = error instanceof FaultError ? error.fault.code : 'internal';
  const text = error instanceof Error ? error.message : String(error);
  core.log.warn('A message of a node was refused', { node: connection.peer, type, code, text });
  // A node whose hello was not taken (a full disk) gets no work on this link: it dials again, with its own patience.
  if (type === 'hello' && error instanceof FaultError) connection.close(error.fault);
}
