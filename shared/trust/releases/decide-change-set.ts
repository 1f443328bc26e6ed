import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { Opened } from '../envelopes/open-envelope.ts';
import { decideDeviceMay } from '../log/permissions.ts';
import type { TrustState } from '../log/state.ts';
import type { ChangeSet } from './change-set.ts';
import type { OpenedHeader } from './decide-release.ts';

/**
 * REL-11: do these headers make up exactly this change set, all by its signer? The core asks before it queues anything,
 * so that no half of a change is ever sent.
 */
export function decideChangeSet(about: {
  readonly opened: Opened<ChangeSet>;
  readonly headers: readonly OpenedHeader[];
  readonly state: TrustState;
  /** The core's clock, in milliseconds: grants may expire. */
  readonly now: number;
}): Result<void> {
  const { opened, headers, state, now } = about;
  const { releases, changeSetId, verb, fleet } = opened.payload;
  if (fleet !== state.fleet) return refuse('fleet', 'it is for another fleet');
  for (const { appId, node } of releases) {
    const may = decideDeviceMay(state, opened.signer, verb, { appId, node, now });
    if (!may.ok) return may;
  }
  if (headers.length !== releases.length)
    return refuse('releases', `it names ${releases.length} releases, ${headers.length} were sent`);
  const byHash = new Map(headers.map((header) => [header.itemHash, header]));
  for (const named of releases) {
    const header = byHash.get(named.header);
    if (!header) return refuse('releases', `the header ${named.header.slice(0, 12)} was not sent`);
    const { appId, node, number, changeSet, after } = header.payload;
    if (appId !== named.appId || node !== named.node || number !== named.number)
      return refuse('releases', `the header ${named.header.slice(0, 12)} says another app, node or number`);
    if (changeSet !== changeSetId || header.signer !== opened.signer)
      return refuse('releases', `the header ${named.header.slice(0, 12)} belongs to another change`);
    if (after.some((hash) => !byHash.has(hash) || hash === header.itemHash))
      return refuse('after', `the header ${named.header.slice(0, 12)} waits for a release outside this change`);
  }
  return ok();
}

function refuse(field: string, why: string): Result<never> {
  return err(
    fault('release.bad-change-set', 'denied', `the change set is refused: ${why}`, 'sign the change again', { field }),
  );
}
