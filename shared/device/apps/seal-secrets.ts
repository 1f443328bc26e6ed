import type { AppView } from '#shared/domain/apps/index.ts';
import { equalBytes, err, fault, ok, type Result, sha256Hex, toBase64Url } from '#shared/kernel/index.ts';
import { MAX_PARENTS, type NodeIdentity, openSecret, ownerRecipients, sealSecret } from '#shared/trust/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { readObject } from '../fleet/objects.ts';

/** The sealed copies of one secret, as its document item holds them. */
export interface SealedCopies {
  readonly version: number;
  readonly ownerCopy: string;
  readonly nodeCopies: Record<string, string>;
  /** Heads of the trust log when the value was made. */
  readonly madeAt: string[];
}

type StoredSecret = Pick<AppView['secrets'][number], 'name' | 'version' | 'ownerCopy' | 'nodeCopies' | 'madeAt'>;

/**
 * Opens this device's own copy of a secret, or with the identity of the recovery words. Faults: `secret.no-owner-copy` on
 * a device that holds none.
 */
export async function openOwnerCopy(
  fleet: Fleet,
  appId: string,
  secret: StoredSecret,
  identity: string | null = fleet.device.ageIdentity,
): Promise<Result<Uint8Array>> {
  const sealed = await readObject(fleet, secret.ownerCopy);
  if (!sealed.ok) return sealed;
  if (identity === null) return err(noOwnerCopies());
  const expect = { fleet: fleet.config.fleet, node: null, appId, name: secret.name };
  return openSecret(sealed.value, identity, expect);
}

/**
 * SEC-3: the same value sealed anew to every owner device that counts now, and to this node where it has no copy; the copies
 * that nodes have stay, so nothing restarts.
 */
export async function resealCopies(
  fleet: Fleet,
  appId: string,
  secret: StoredSecret,
  to: { readonly identity: string | null; readonly node: NodeIdentity | undefined },
): Promise<Result<Pick<SealedCopies, 'ownerCopy' | 'nodeCopies'>>> {
  const value = await openOwnerCopy(fleet, appId, secret, to.identity);
  if (!value.ok) return value;
  const content = { appId, name: secret.name, version: secret.version, value: value.value };
  const ownerCopy = await seal(fleet, content, null, ownerRecipients(fleet.trust()));
  const nodeCopies = { ...secret.nodeCopies };
  if (to.node && nodeCopies[to.node.nodeId] === undefined)
    nodeCopies[to.node.nodeId] = await seal(fleet, content, to.node.nodeId, [to.node.ageRecipient]);
  return ok({ ownerCopy, nodeCopies });
}

/** Seals a value for every owner device, the recovery key and one node. The ciphertexts are kept as objects. */
export async function sealNewSecret(
  fleet: Fleet,
  about: { appId: string; node: NodeIdentity; name: string; version: number; value: Uint8Array },
): Promise<SealedCopies> {
  const ownerCopy = await seal(fleet, about, null, ownerRecipients(fleet.trust()));
  const nodeCopy = await seal(fleet, about, about.node.nodeId, [about.node.ageRecipient]);
  const madeAt = fleet.trust().heads.slice(0, MAX_PARENTS);
  return { version: about.version, ownerCopy, nodeCopies: { [about.node.nodeId]: nodeCopy }, madeAt };
}

/**
 * The copies for a secret that should hold `value` (or keep what it holds): unchanged when it already does and the
 * node has its copy, so that an unchanged secret stays the same file and restarts nothing.
 */
export async function levelSecret(
  fleet: Fleet,
  about: { appId: string; node: NodeIdentity; secret: StoredSecret; value?: Uint8Array },
): Promise<Result<SealedCopies>> {
  const { appId, node, secret } = about;
  const { name } = secret;
  const { version, ownerCopy, madeAt = [] } = secret;
  const copies = { version, ownerCopy, nodeCopies: { ...secret.nodeCopies }, madeAt: [...madeAt] };
  const isThere = copies.nodeCopies[node.nodeId] !== undefined;
  const present = await openOwnerCopy(fleet, appId, secret);
  if (!present.ok) {
    // A device that can not open it can not compare: what it gives is new.
    if (about.value !== undefined && present.error.kind !== 'transient')
      return ok(await sealNext(fleet, about, about.value));
    // What a device without owner copies leaves alone stays.
    return fleet.device.ageIdentity === null && isThere ? ok(copies) : present;
  }
  if (about.value !== undefined && !equalBytes(about.value, present.value)) {
    return ok(await sealNext(fleet, about, about.value));
  }
  if (isThere) return ok(copies);
  const content = { appId, name, version, value: present.value };
  copies.nodeCopies[node.nodeId] = await seal(fleet, content, node.nodeId, [node.ageRecipient]);
  return ok(copies);
}

function sealNext(
  fleet: Fleet,
  about: { appId: string; node: NodeIdentity; secret: StoredSecret },
  value: Uint8Array,
): Promise<SealedCopies> {
  const { appId, node, secret } = about;
  return sealNewSecret(fleet, { appId, node, name: secret.name, version: secret.version + 1, value });
}

async function seal(
  fleet: Fleet,
  about: { appId: string; name: string; version: number; value: Uint8Array },
  node: string | null,
  recipients: readonly string[],
): Promise<string> {
  const { appId, name, version, value } = about;
  const plaintext = {
    v: 1 as const,
    fleet: fleet.config.fleet,
    node,
    apps: [appId],
    name,
    version,
    value: toBase64Url(value),
  };
  const bytes = await sealSecret(plaintext, recipients);
  const hash = sha256Hex(bytes);
  await fleet.store.saveObject(hash, bytes);
  return hash;
}

function noOwnerCopies() {
  return fault(
    'secret.no-owner-copy',
    'denied',
    'this device holds no copy of any secret',
    'Do it on an owner’s desktop or with an owner’s `overseer`, or give the secret a new value.',
  );
}
