import type { Core } from '../core.ts';

/** Public key of this node and of nobody else. */
export function nodeKeys(core: Core, nodeId: string) {
  return (keyId: string) => (keyId === nodeId ? core.trust.current().nodes.get(nodeId)?.signKey : undefined);
}
