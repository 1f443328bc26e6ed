import type { AppBody, ReleaseBody } from '#shared/domain/apps/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import {
  type GrantedException,
  isGranted,
  isOwnersRelease,
  type OpenedHeader,
  type ReleasePlace,
  type TrustView,
} from '#shared/trust/index.ts';

/**
 * REL-14: the body of the last release as far as an owner let it stand, which is what a plan is the difference to. A core
 * that is taken over can hold a release of an operator with an exception that every node refuses; an owner who builds on
 * it must see that exception as a line of his plan, else his signature would grant it in passing.
 */
export async function readGrantedBody<Link extends { readonly opened: OpenedHeader }>(about: {
  readonly trust: TrustView;
  /** Oldest first; the last one is that of `body`. */
  readonly chain: readonly Link[];
  readonly body: ReleaseBody;
  readonly readBody: (link: Link) => Promise<Result<{ body: ReleaseBody }>>;
}): Promise<ReleaseBody> {
  const { trust, chain, body, readBody } = about;
  const top = chain.at(-1);
  if (body.kind !== 'app' || top === undefined || isOwners(trust, top)) return body;
  const owned = lastOfOwner(trust, chain);
  const read = owned && (await readBody(owned));
  const granted = read?.ok && read.value.body.kind === 'app' ? read.value.body.exceptions : [];
  return asGranted(body, granted);
}

/** The same without the rest of the chain: of what an operator signed last only that counts which is known as granted. */
export function localGrantedBody(
  trust: TrustView,
  release: ReleasePlace & { readonly signer: string | undefined },
  body: ReleaseBody,
  granted: readonly GrantedException[],
): ReleaseBody {
  const { signer } = release;
  const isWhole = signer !== undefined && isOwnersRelease(trust, signer, release);
  return body.kind !== 'app' || isWhole ? body : asGranted(body, granted);
}

function isOwners(trust: TrustView, { opened }: { readonly opened: OpenedHeader }): boolean {
  return isOwnersRelease(trust, opened.signer, { ...opened.payload, header: opened.itemHash });
}

/** The nearest release of an owner below the last one; none where a header between the two is missing. */
function lastOfOwner<Link extends { readonly opened: OpenedHeader }>(
  trust: TrustView,
  chain: readonly Link[],
): Link | undefined {
  for (let index = chain.length - 1; index > 0; index--) {
    const before = chain[index - 1];
    if (before === undefined || chain[index]?.opened.payload.previous !== before.opened.itemHash) return undefined;
    if (isOwners(trust, before)) return before;
  }
  return undefined;
}

function asGranted(body: AppBody, granted: readonly GrantedException[]): AppBody {
  return { ...body, exceptions: body.exceptions.filter((one) => isGranted(granted, one)), deleteVolumes: [] };
}
