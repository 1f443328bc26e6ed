import type { ReleaseBody, SecretRef } from '#shared/domain/apps/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import { openSecret } from '#shared/trust/index.ts';
import type { ApplyRequest, GoodRelease } from '../apply/request.ts';
import type { StoredRelease } from '../store/release-store.ts';
import type { NodeContext } from './node-context.ts';
import { parseBody } from './verify-release.ts';

type Part = Pick<NodeContext, 'store' | 'identity' | 'fleet'>;

/** The body of an accepted release, from the node's own store. */
export function storedBody(context: Pick<NodeContext, 'store'>, release: StoredRelease): Result<ReleaseBody> {
  const bytes = context.store.objects.get(release.body);
  return bytes === undefined ? err(missing(release.body)) : parseBody(bytes);
}

/** Opens the nodeCopy a release names; the value is never written anywhere by this. */
export async function openNodeSecret(context: Part, ref: SecretRef, appId: string): Promise<Result<Uint8Array>> {
  const sealed = context.store.objects.get(ref.sha256);
  if (sealed === undefined) return err(missing(ref.sha256));
  const { nodeId, ageIdentity } = context.identity;
  return openSecret(sealed, ageIdentity, { fleet: context.fleet, node: nodeId, appId, name: ref.name });
}

/** What the applier needs to carry a stored release out. */
export function toApplyRequest(context: Part, release: StoredRelease, signal: AbortSignal): Result<ApplyRequest> {
  const body = storedBody(context, release);
  if (!body.ok) return body;
  return ok({
    appId: release.appId,
    header: release.header,
    number: release.number,
    body: body.value,
    object: async (hash) => context.store.objects.get(hash),
    openSecret: (ref, appId) => openNodeSecret(context, ref, appId),
    previousGood: previousGood(context, release),
    ...(Object.keys(release.digests).length > 0 ? { digests: release.digests } : {}),
    signal,
  });
}

/** The last release of the app that succeeded before this one. */
function previousGood(context: Part, release: StoredRelease): GoodRelease | null {
  const good = context.store.releases.running(release.appId);
  if (good === undefined || good.header === release.header) return null;
  const body = storedBody(context, good);
  if (!body.ok) return null;
  return { number: good.number, header: good.header, body: body.value, digests: good.digests };
}

function missing(hash: string) {
  return fault(
    'release.object-missing',
    'permanent',
    `the node does not hold object ${hash} of this release`,
    'deploy again: the device sends the objects with it',
    { detail: { hash } },
  );
}
