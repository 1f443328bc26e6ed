import type { ReleaseBody } from '#shared/domain/apps/index.ts';
import { type Opening, usesOpening } from '#shared/domain/policies/index.ts';
import type { NodeContext } from './reconcile/node-context.ts';
import { storedBody } from './reconcile/release-request.ts';
import type { StoredRelease } from './store/release-store.ts';

/** An opening and the appId of the releases that stand for it. */
export interface StandingOpening extends Opening {
  readonly appId: string;
}

/** What owners have opened on this node, and who uses it. */
export interface OpeningsPort {
  list(): readonly StandingOpening[];
  /** Names of the apps that run, or are to run, with an exception that names it. */
  usersOf(opening: Pick<Opening, 'name' | 'what'>): readonly string[];
}

/** Reads openings and their users from accepted releases: no other word counts. */
export function createOpenings(context: Pick<NodeContext, 'store'>): OpeningsPort {
  const { releases } = context.store;
  const bodies = (appId: string): ReleaseBody[] =>
    [releases.newest(appId), releases.running(appId)].flatMap((release) => bodyOf(context, release) ?? []);
  return {
    list: () =>
      releases.appIds().flatMap((appId) => {
        const newest = releases.newest(appId);
        // While a release of it has no outcome, it is neither open nor closed: nothing may begin to use it.
        if (newest === undefined || newest.outcome === null) return [];
        const body = bodyOf(context, releases.running(appId));
        if (body?.kind !== 'opening' || body.state !== 'running') return [];
        const { name, what, path, readOnly } = body;
        return [{ appId, name, what, path, readOnly }];
      }),
    usersOf: (opening) =>
      releases.appIds().flatMap((appId) => {
        const using = bodies(appId).find(
          (body) => body.kind === 'app' && body.state === 'running' && usesOpening(body.exceptions, opening),
        );
        return using ? [using.name] : [];
      }),
  };
}

function bodyOf(context: Pick<NodeContext, 'store'>, release: StoredRelease | undefined): ReleaseBody | undefined {
  const body = release && storedBody(context, release);
  return body?.ok ? body.value : undefined;
}
