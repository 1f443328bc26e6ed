import type { CoreToNode } from '#shared/contracts/link/messages.ts';
import { randomId, sha256Hex, systemRandom, toBase64 } from '#shared/kernel/index.ts';
import type { SignedRelease } from './test-fleet.ts';

/** Releases of an app as the core sends them: the chain of headers, the last body, and the objects that go along. */
export function toReleaseMessage(
  chain: readonly SignedRelease[],
  objects: readonly Uint8Array[],
  appId: string,
): Extract<CoreToNode, { type: 'release' }> {
  const last = chain.at(-1);
  if (!last) throw new Error('empty chain');
  return {
    type: 'release',
    job: randomId(systemRandom),
    appId,
    chain: chain.map((one) => one.envelope),
    body: toBase64(last.body),
    objects: objects.map((bytes) => ({ hash: sha256Hex(bytes), data: toBase64(bytes) })),
  };
}
