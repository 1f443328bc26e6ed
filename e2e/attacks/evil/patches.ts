import type { Patch } from '../switches/switch.ts';
import { makeDevice, type OpenDevice } from './stolen-device.ts';

/** The key that evil-core puts in place of a node's: always the same, so that one build will do. */
export const swappedNode = (): Promise<OpenDevice> => makeDevice('swapped', new Uint8Array(32).fill(7));

/** A core that changes the keys in a request to join before the owner's device sees it. */
export async function swapsNodeKeys(): Promise<Patch[]> {
  const { deviceId, publicKey } = await swappedNode();
  const keys = JSON.stringify({ nodeId: deviceId, signKey: publicKey });
  return [
    {
      file: 'agent/core/usecases/enrol-node.ts',
      find: '          request: request.request,\n',
      replace: `          request: ((said) => JSON.stringify({ ...said, node: { ...said.node, ...${keys} } }))(JSON.parse(request.request)),\n`,
    },
  ];
}

/** A core that relays rows whose author is no device. It is no check of the replica under attack, which judges by itself. */
export const relaysVoidRows: readonly Patch[] = [
  {
    file: 'shared/replica/row.ts',
    find: 'return revoked !== undefined && doesRowStand(revoked.cutoffs, row);',
    replace: 'return revoked === undefined || doesRowStand(revoked.cutoffs, row);',
  },
];
