import type { Core } from '../core.ts';

/** Tells watchers how a node is. */
export function publishStatus(core: Core, nodeId: string): void {
  const name = core.trust.current().nodes.get(nodeId)?.name ?? nodeId;
  const hold = core.nodes.connected(nodeId)?.hold ?? null;
  core.events.publish({ type: 'node', data: { nodeId, name, status: core.nodes.status(nodeId), hold } });
  const [facts, seenAt] = [core.nodes.facts(nodeId), core.nodes.lastSeenAt(nodeId)];
  // A node that has just come tells its load at once, not only with its next heartbeat.
  if (facts && seenAt && core.nodes.connected(nodeId))
    core.events.tell({ type: 'facts', data: { nodeId, seenAt, facts } });
}
