import { isoTime, sha256Hex, unwrap, utf8 } from '#shared/kernel/index.ts';
import {
  generateSealingKey,
  generateSigningKey,
  type NodeIdentity,
  type SealingKey,
  signTrustEntry,
} from '#shared/trust/index.ts';
import type { ScriptedDevice } from './scripted-device.ts';

/** A node with real keys that runs nowhere. */
export interface ScriptedNode {
  readonly identity: NodeIdentity;
  readonly sealing: SealingKey;
}

/** Makes the keys of a node. */
export async function createScriptedNode(name: string): Promise<ScriptedNode> {
  const [signing, sealing] = [await generateSigningKey(), await generateSealingKey()];
  const { signer, publicKey: signKey } = signing;
  const identity = {
    nodeId: signer.keyId,
    name,
    signKey,
    ageRecipient: sealing.recipient,
    tlsSpki: sha256Hex(utf8(signKey)),
  };
  return { identity, sealing };
}

/** Makes a node and signs it into the device's fleet. */
export async function addScriptedNode({ fleet, context }: ScriptedDevice, name: string): Promise<ScriptedNode> {
  const node = await createScriptedNode(name);
  const about = { at: isoTime(context.clock), auditHead: null };
  const entry = { kind: 'add-node', node: node.identity } as const;
  unwrap(await fleet.takeTrust([await signTrustEntry(fleet.trust(), entry, fleet.device.signer, about)]));
  return node;
}
