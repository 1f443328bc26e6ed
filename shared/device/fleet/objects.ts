import { err, fault, ok, type Result, sha256Hex } from '#shared/kernel/index.ts';
import type { Fleet } from './fleet.ts';

/** An object by its hash, from this device or from the core; what the core gives is checked against the hash. */
export async function readObject(fleet: Fleet, hash: string): Promise<Result<Uint8Array>> {
  const local = await fleet.store.object(hash);
  if (local) return ok(local);
  const fetched = await fleet.client.octets('getObject', { params: { hash } });
  if (!fetched.ok) return fetched;
  if (sha256Hex(fetched.value) === hash) {
    await fleet.store.saveObject(hash, fetched.value);
    return fetched;
  }
  return err(
    fault(
      'core.bad-object',
      'denied',
      `the core gave other bytes for object ${hash.slice(0, 12)}`,
      'Do not trust this core further; compare the audit with `overseer audit verify`.',
    ),
  );
}

/** Sends the objects that the core does not hold yet. */
export async function uploadObjects(fleet: Fleet, hashes: Iterable<string>): Promise<Result<void>> {
  const wanted = [...new Set(hashes)];
  if (wanted.length === 0) return ok();
  const missing = await fleet.client.call('missingObjects', { body: { hashes: wanted } });
  if (!missing.ok) return missing;
  for (const hash of missing.value.missing) {
    const octets = await fleet.store.object(hash);
    if (!octets) return err(lostObject(hash));
    const stored = await fleet.client.call('putObject', { params: { hash }, octets });
    if (!stored.ok) return stored;
  }
  return ok();
}

function lostObject(hash: string) {
  return fault(
    'device.lost-object',
    'permanent',
    `object ${hash.slice(0, 12)} is neither on this device nor on the core`,
    'Set that secret or file again, then deploy.',
  );
}
