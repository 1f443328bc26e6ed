import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { NodeIdentity, TrustState } from '#shared/trust/index.ts';

/** A node of the trust log by name or id; without either the only one there is. */
export function findNode(trust: TrustState, wanted: string | undefined): Result<NodeIdentity> {
  const nodes = [...trust.nodes.values()];
  if (wanted === undefined) {
    const only = nodes[0];
    if (nodes.length === 1 && only) return ok(only);
    return err(nodes.length === 0 ? noNodes() : chooseNode(nodes));
  }
  const found = nodes.filter((node) => node.nodeId === wanted || node.name === wanted);
  const one = found[0];
  if (found.length === 1 && one) return ok(one);
  if (found.length > 1) {
    return err(
      fault(
        'node.ambiguous',
        'permanent',
        `${found.length} nodes are called "${wanted}"`,
        `Give the id: ${found.map((node) => node.nodeId).join(', ')}.`,
        { field: 'node' },
      ),
    );
  }
  if (nodes.length === 0) return err(noNodes());
  return err(unknownNode(wanted, nodes));
}

/** The fault of a node that the fleet does not have. */
export function unknownNode(wanted: string, nodes: readonly { name: string }[]): Fault {
  const next =
    nodes.length > 0
      ? `Choose one of: ${nodes.map(({ name }) => name).join(', ')}.`
      : 'Run `overseer nodes token` first.';
  return fault('node.unknown', 'permanent', `there is no node "${wanted}"`, next, { field: 'node' });
}

function noNodes() {
  return fault('node.none', 'permanent', 'the fleet has no node yet', 'Run `overseer nodes token` first.', {
    field: 'node',
  });
}

function chooseNode(nodes: readonly NodeIdentity[]) {
  return fault(
    'cli.missing-option',
    'permanent',
    `the fleet has ${nodes.length} nodes`,
    `Name one: ${nodes.map((node) => node.name).join(', ')}.`,
    { field: 'node' },
  );
}
