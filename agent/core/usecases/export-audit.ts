import type { AuditQuery, AuditResponse, AuditTraceResponse } from '#shared/contracts/rest/index.ts';
import { unwrap } from '#shared/kernel/index.ts';
import { parseCoreAuditEntry } from '#shared/trust/index.ts';
import type { Core } from '../core.ts';

const PAGE = 500;

/**
 * The whole audit as JSON Lines: trust log, the core's chain as exact text, each node's chain, and the heads that the
 * core has seen others state. A verifier needs nothing else.
 */
export async function* exportAudit(core: Core): AsyncGenerator<string> {
  const { read } = core.store.durable;
  const line = (value: object): string => `${JSON.stringify(value)}\n`;
  const state = core.trust.current();
  for (const envelope of state.entries) yield line({ type: 'trust', envelope });
  for (let after = 0; ; ) {
    const page = await read.listAudit(after, PAGE);
    for (const entry of page) yield line({ type: 'core', bytes: entry.bytes });
    if (page.length < PAGE) break;
    after = page.at(-1)?.seq ?? after;
  }
  for (const nodeId of state.nodes.keys()) {
    for (let after = 0; ; ) {
      const page = await read.listNodeAudit(nodeId, after, PAGE);
      for (const entry of page) yield line({ type: 'node', envelope: entry.envelope });
      if (page.length < PAGE) break;
      after = page.at(-1)?.seq ?? after;
    }
    const head = await read.nodeAuditHead(nodeId);
    if (head !== undefined) yield line({ type: 'witness', by: 'core', chain: nodeId, seq: head.seq, head: head.hash });
  }
}

/** A page of the core's chain for people; of the newest first it reads no more than it gives. */
export async function listAudit(core: Core, query: AuditQuery): Promise<AuditResponse> {
  const { read } = core.store.durable;
  const head = await read.auditHead();
  const { after = 0, before = Number.MAX_SAFE_INTEGER, order = 'oldest', limit = 100 } = query;
  const stored =
    order === 'newest'
      ? await read.listNewestAudit(query.after ?? -1, before, limit)
      : (await read.listAudit(after, limit)).filter(({ seq }) => seq < before);
  const entries = stored.map(({ seq, hash, bytes }) => {
    const { at, actor, action, subject, outcome, fault, envelope } = unwrap(parseCoreAuditEntry(bytes)).entry;
    return { seq, hash, at, actor: { kind: actor.kind, id: actor.id }, action, subject, outcome, fault, envelope };
  });
  return { head: head?.hash ?? null, entries };
}

/** AUD-8: the chain as exact text from one entry on, so that two heads can be shown to stand on one chain. */
export async function traceAudit(core: Core, hash: string, limit = PAGE): Promise<AuditTraceResponse> {
  const { read } = core.store.durable;
  const first = await read.getAuditEntry(hash);
  if (!first) return { entries: [] };
  const stored = await read.listAudit(first.seq - 1, limit);
  return { entries: stored.map(({ bytes }) => bytes) };
}
