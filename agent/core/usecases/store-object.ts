import { FaultError, fault, sha256Hex } from '#shared/kernel/index.ts';
import { decideMayRelease } from '#shared/trust/index.ts';
import { type Act, performAudited } from '../audit/audit-log.ts';
import type { Core } from '../core.ts';
import { actorOf, type Caller, requireRight } from './caller.ts';

/** Stores an object under its own hash. */
export async function storeObject(core: Core, caller: Caller, hash: string, bytes: Uint8Array) {
  const subject = { hash, sizeBytes: String(bytes.length) };
  const act: Act = { actor: actorOf(caller), action: 'object.put', subject, envelope: null };
  return performAudited({ store: core.store.durable, clock: core.clock }, act, async () => {
    requireStoring(core, caller);
    const found = sha256Hex(bytes);
    if (found !== hash) throw new FaultError(wrongHash(hash, found));
    return async (tx) => {
      await tx.addObject(hash, bytes);
      return { hash, sizeBytes: bytes.length };
    };
  });
}

/** Who edits or signs releases: also a stop has a body, and a narrow grant may be for that alone. */
function requireStoring(core: Core, caller: Caller): void {
  const releases = decideMayRelease(core.trust.current(), caller.deviceId, { now: core.clock.nowMs() });
  if (!releases.ok) requireRight(core, caller, 'edit');
}

/** Gives an object's bytes. */
export async function readObject(core: Core, hash: string): Promise<Uint8Array> {
  const bytes = await core.store.durable.read.getObject(hash);
  if (bytes === undefined) throw new FaultError(missingObject(hash));
  return bytes;
}

/** Those of the hashes that the core does not hold. */
export async function missingObjects(core: Core, hashes: readonly string[]): Promise<{ missing: string[] }> {
  const held = await core.store.durable.read.heldObjects(hashes);
  return { missing: [...new Set(hashes)].filter((hash) => !held.has(hash)) };
}

/** An object that is named but not there. */
export function missingObject(hash: string) {
  return fault(
    'object.missing',
    'conflict',
    `The core does not hold object ${hash}.`,
    'Upload it first (`PUT objects/<hash>`), then send this again.',
    { detail: { hash } },
  );
}

function wrongHash(named: string, found: string) {
  return fault(
    'object.wrong-hash',
    'permanent',
    `The path names ${named}, the bytes have ${found}.`,
    'Send the bytes again under their own hash.',
    {
      field: 'hash',
    },
  );
}
