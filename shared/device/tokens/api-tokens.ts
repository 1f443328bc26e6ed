import type { TokenView } from '#shared/contracts/rest/index.ts';
import { type Fault, isoTime, ok, type Result, randomId } from '#shared/kernel/index.ts';
import {
  type ApiToken,
  createTokenText,
  type Envelope,
  everyTrustKey,
  type Grant,
  openEnvelope,
  parseEnvelope,
  signEnvelope,
} from '#shared/trust/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { giveGrant } from '../identity/change-people.ts';
import type { DeviceContext } from '../ports/device-context.ts';

/** What a new token is for. */
export type TokenWish = Pick<ApiToken, 'name' | 'verbs' | 'nodes' | 'apps' | 'expiresAt'>;

/** TOK-1, TOK-2: makes a token. Its text is nowhere but in the answer. */
export async function addToken(
  context: DeviceContext,
  fleet: Fleet,
  wish: TokenWish,
): Promise<Result<{ text: string; token: TokenView }>> {
  const tokenId = randomId(context.random);
  const { text, secretHash } = createTokenText(tokenId, context.random);
  const order = await signOrder(context, fleet, tokenId, { ...wish, secretHash });
  const added = await fleet.client.call('addToken', { body: { order } });
  return added.ok ? ok({ text, token: added.value }) : added;
}

/** A token that was ended. */
export interface EndedToken {
  readonly token: TokenView;
  /** Grants of logs in clear text that ended with it. */
  readonly ended: readonly Grant[];
  /** Those that could not be taken back and still count, with the reason. */
  readonly left: readonly { readonly grant: Grant; readonly why: Fault }[];
}

/**
 * TOK-1, LOG-26: ends a token, and takes back what owners granted to it. Nodes believe the log alone: with the grant in it,
 * a core that was taken over could still ask for the logs in the name of a token that is no more.
 */
export async function revokeToken(context: DeviceContext, fleet: Fleet, tokenId: string): Promise<Result<EndedToken>> {
  const order = await signOrder(context, fleet, tokenId, null);
  const token = await fleet.client.call('revokeToken', { params: { id: tokenId }, body: { order } });
  if (!token.ok) return token;
  const grants = [...fleet.trust().grants.values()].filter(({ to }) => 'tokenId' in to && to.tokenId === tokenId);
  const ended: Grant[] = [];
  const left: { grant: Grant; why: Fault }[] = [];
  for (const grant of grants) {
    const taken = await giveGrant(context, fleet, { ...grant, role: null });
    if (taken.ok) ended.push(grant);
    else left.push({ grant, why: taken.error });
  }
  return ok({ token: token.value, ended, left });
}

/** A token, and whether the order that the core shows for it was signed in this fleet. */
export interface CheckedToken {
  readonly token: TokenView;
  readonly isSigned: boolean;
}

/** TOK-1: the tokens as the core lists them, each checked against the order that made it. */
export async function listTokens(fleet: Fleet): Promise<Result<readonly CheckedToken[]>> {
  const listed = await fleet.client.call('listTokens');
  if (!listed.ok) return listed;
  return ok(await Promise.all(listed.value.tokens.map((token) => checkToken(fleet, token))));
}

async function checkToken(fleet: Fleet, token: TokenView): Promise<CheckedToken> {
  const envelope = parseEnvelope(token.order);
  const keys = everyTrustKey(fleet.trust(), 'device');
  const opened = envelope.ok
    ? await openEnvelope(envelope.value, { kind: 'token', fleet: fleet.config.fleet, keys })
    : envelope;
  const said = opened.ok ? opened.value.payload : undefined;
  const isSame =
    said?.tokenId === token.tokenId &&
    JSON.stringify([said.token?.name, said.token?.verbs, said.token?.nodes ?? null, said.token?.apps ?? null]) ===
      JSON.stringify([token.name, token.verbs, token.nodes, token.apps]);
  return { token, isSigned: isSame };
}

function signOrder({ clock }: DeviceContext, fleet: Fleet, tokenId: string, token: ApiToken | null): Promise<Envelope> {
  return signEnvelope('token', { ...fleet.heads(), tokenId, token, issuedAt: isoTime(clock) }, fleet.device.signer);
}
