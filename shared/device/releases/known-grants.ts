import type { ReleaseBody } from '#shared/domain/apps/index.ts';
import type { GrantedException } from '#shared/trust/index.ts';
import type { DeviceStore } from '../ports/device-store.ts';

/** What owners had granted when the chain up to a release was read, by that release's header. */
interface KnownGrants {
  readonly header: string;
  readonly exceptions: readonly GrantedException[];
}

const memoOf = (appId: string, node: string) => `granted:${appId}:${node}`;

/**
 * Keeps what a verified chain says an owner granted. Releases of operators carry it on without signing it, and a start
 * without the core does not have the chain.
 */
export async function keepGrants(
  store: DeviceStore,
  at: { appId: string; node: string; header: string },
  granted: ReleaseBody,
): Promise<void> {
  if (granted.kind !== 'app' || granted.exceptions.length === 0) return;
  const exceptions = granted.exceptions.map(({ rule, service, value }) => ({ rule, service, value }));
  const text = JSON.stringify({ header: at.header, exceptions } satisfies KnownGrants);
  const memo = memoOf(at.appId, at.node);
  if ((await store.memo(memo)) !== text) await store.saveMemo(memo, text);
}

/** What is known as granted for one of these releases: the last one, or the one that it follows. */
export async function readGrants(
  store: DeviceStore,
  at: { appId: string; node: string },
  headers: readonly (string | null)[],
): Promise<readonly GrantedException[]> {
  const memo = await store.memo(memoOf(at.appId, at.node));
  const known = memo ? (JSON.parse(memo) as KnownGrants) : undefined;
  return known && headers.includes(known.header) ? known.exceptions : [];
}
