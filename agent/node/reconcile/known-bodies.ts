import type { ReleaseBody } from '#shared/domain/apps/index.ts';
import type { StoredRelease } from '../store/release-store.ts';
import type { NodeContext } from './node-context.ts';
import { storedBody } from './release-request.ts';
import type { ReleaseContext } from './verify-release.ts';

/** REL-17, REL-18: what this node has accepted of an app before, as far as a release is held against it. */
export function knownBodies(
  context: Pick<NodeContext, 'store'>,
  appId: string,
): Pick<ReleaseContext, 'previous' | 'running' | 'isEarlierBody'> {
  const { releases } = context.store;
  const read = (release: StoredRelease | undefined): ReleaseBody | null => {
    const body = release && storedBody(context, release);
    return body?.ok ? body.value : null;
  };
  return {
    previous: () => read(releases.newest(appId)),
    running: () => read(releases.running(appId)),
    isEarlierBody: (hash, content) => releases.hasBody(appId, hash, content),
  };
}
