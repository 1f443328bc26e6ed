import { commandArgsSchemas } from '#shared/contracts/link/commands.ts';
import type { CoreToNode } from '#shared/contracts/link/messages.ts';
import { err, fault, type Result, unwrap } from '#shared/kernel/index.ts';
import { decideClearLogs } from '#shared/trust/index.ts';
import type { LogLine } from '../reconcile/applier-port.ts';
import type { NodeContext } from '../reconcile/node-context.ts';
import { type Args, afterKnown } from './verbs.ts';

export type ClearLogsMessage = Extract<CoreToNode, { type: 'clear-logs' }>;

/**
 * LOG-26: may the core have these logs for that token? No device has signed this; an owner's grant in this node's own log
 * is all that counts.
 */
export async function decideClearLogsMessage(
  context: NodeContext,
  { tokenId, appId, args }: ClearLogsMessage,
): Promise<Result<Args<'logs'>>> {
  const { nodeId } = context.identity;
  if (context.trust.state.revokedNodes.has(nodeId)) return err(revoked(nodeId));
  const may = decideClearLogs(context.trust.state, tokenId, { node: nodeId, appId, now: context.clock.nowMs() });
  if (!may.ok) return may;
  const read = commandArgsSchemas.logs.safeParse({ ...args, appId });
  if (!read.success) return err(badArgs(read.error.issues[0]?.path.join('.') ?? '', read.error.issues[0]?.message));
  return afterKnown(context, appId, async () => ({ ok: true, value: read.data }));
}

/** The lines as long as the grant stands: what is taken back or has ended gives no further line. */
export async function* whileGranted(
  context: NodeContext,
  { tokenId, appId }: ClearLogsMessage,
  lines: AsyncIterable<LogLine>,
): AsyncGenerator<LogLine> {
  for await (const line of lines) {
    const scope = { node: context.identity.nodeId, appId, now: context.clock.nowMs() };
    unwrap(decideClearLogs(context.trust.state, tokenId, scope));
    yield line;
  }
}

function badArgs(field: string, why: string | undefined) {
  return fault('command.bad-args', 'permanent', `args.${field}: ${why ?? 'does not fit'}`, 'Correct the request.', {
    field: `args.${field}`,
  });
}

function revoked(node: string) {
  return fault(
    'node.revoked',
    'denied',
    `this node (${node}) was revoked by its fleet`,
    'if it is to be used again, reset it and let it join anew with a token',
  );
}
