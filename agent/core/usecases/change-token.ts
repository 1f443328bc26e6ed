import type { TokenView } from '#shared/contracts/rest/index.ts';
import { FaultError, fault, unwrap } from '#shared/kernel/index.ts';
import { decideTokenOrder, type Envelope, openEnvelope, trustKeys } from '#shared/trust/index.ts';
import { type Act, performAudited } from '../audit/audit-log.ts';
import type { Core } from '../core.ts';
import { type HeldToken, toHeldToken } from '../tokens/token-book.ts';
import { actorOf, type Caller, readEnvelopes } from './caller.ts';

/** Tokens that one fleet keeps; ended ones stay, so that an id never comes back. */
const MAX_TOKENS = 1_000;

/** Keeps an API token that an owner signed. The core learns its hash, never its secret. */
export async function addToken(core: Core, caller: Caller, input: unknown): Promise<TokenView> {
  const order = readEnvelopes([input])[0] as Envelope;
  const act = tokenAct('token.add', caller, order);
  const held = await performAudited({ store: core.store.durable, clock: core.clock }, act, async () => {
    const opened = await openOrder(core, caller, order, act);
    const made = toHeldToken(opened, order, false);
    if (made === undefined) throw new FaultError(wrongOrder('it ends a token'));
    describeToken(made, act);
    return async (tx) => {
      const known = await tx.listTokens();
      const same = known.find(({ tokenId }) => tokenId === made.tokenId);
      if (same !== undefined) throw new FaultError(idTaken());
      if (known.length >= MAX_TOKENS) throw new FaultError(tooManyTokens());
      await tx.putToken({ tokenId: made.tokenId, made: order, revoked: null });
      return made;
    };
  });
  core.tokens.put(held);
  return tokenView(core, held);
}

/** Ends an API token that an owner ended by his signature. */
export async function revokeToken(core: Core, caller: Caller, id: string, input: unknown): Promise<TokenView> {
  const order = readEnvelopes([input])[0] as Envelope;
  const act = tokenAct('token.revoke', caller, order);
  act.subject.token = id;
  const held = await performAudited({ store: core.store.durable, clock: core.clock }, act, async () => {
    const { payload } = await openOrder(core, caller, order, act);
    if (payload.token !== null || payload.tokenId !== id)
      throw new FaultError(wrongOrder('it does not end this token'));
    const found = core.tokens.get(id);
    if (found === undefined) throw new FaultError(unknownTokenId(id));
    act.subject.name = found.token.name;
    return async (tx) => {
      const known = (await tx.listTokens()).find(({ tokenId }) => tokenId === id);
      // Ended already: the first order stays as the one that did it.
      if (known !== undefined && known.revoked === null) await tx.putToken({ ...known, revoked: order });
      return { ...found, isRevoked: true };
    };
  });
  core.tokens.put(held);
  return tokenView(core, held);
}

/** All tokens, newest first. */
export function listTokens(core: Core): TokenView[] {
  const newestFirst = (a: HeldToken, b: HeldToken) => b.createdAt.localeCompare(a.createdAt);
  return [...core.tokens.list()].sort(newestFirst).map((held) => tokenView(core, held));
}

function tokenView(core: Core, held: HeldToken): TokenView {
  const { token, tokenId, createdAt, maker, order } = held;
  const holds = core.tokens.holds(held);
  return {
    tokenId,
    state: holds.ok ? 'active' : (STATES[holds.error.code] ?? 'orphaned'),
    name: token.name,
    verbs: token.verbs,
    nodes: token.nodes ?? null,
    apps: token.apps ?? null,
    expiresAt: token.expiresAt,
    createdAt,
    by: maker,
    lastUsedAt: core.tokens.lastUsedAt(tokenId),
    order: order as never,
  };
}

const STATES: Readonly<Record<string, TokenView['state']>> = {
  'token.revoked': 'revoked',
  'token.expired': 'expired',
  'token.orphaned': 'orphaned',
};

function tokenAct(action: string, caller: Caller, order: Envelope): Act {
  const envelope = order.signatures[0]?.keyid === caller.deviceId ? order : null;
  return { actor: actorOf(caller), action, subject: {}, envelope };
}

function describeToken({ tokenId, token }: HeldToken, act: Act): void {
  act.subject.name = token.name;
  act.subject.token = tokenId;
  act.subject.verbs = token.verbs.join(',');
  act.subject.expiresAt = token.expiresAt;
}

async function openOrder(core: Core, caller: Caller, order: Envelope, act: Act) {
  const state = core.trust.current();
  const opened = unwrap(
    await openEnvelope(order, { kind: 'token', fleet: state.fleet, keys: trustKeys(state, 'device') }),
  );
  act.subject.token = opened.payload.tokenId;
  if (opened.signer !== caller.deviceId) throw new FaultError(wrongOrder('another device signed it'));
  unwrap(decideTokenOrder({ opened, state, now: core.clock.nowMs() }));
  return opened;
}

function wrongOrder(why: string) {
  return fault('token.wrong-order', 'denied', `The order is refused: ${why}.`, 'Sign it on the device that sends it.', {
    field: 'order',
  });
}

function idTaken() {
  return fault('token.id-taken', 'conflict', 'There is a token with this id.', 'Make it again; it gets a new id.', {
    field: 'order',
  });
}

function tooManyTokens() {
  const next = 'Use the tokens that there are: `overseer tokens list`.';
  return fault('token.too-many', 'conflict', `This fleet has made ${MAX_TOKENS} API tokens.`, next);
}

function unknownTokenId(id: string) {
  const next = '`overseer tokens list` shows all.';
  return fault('token.absent', 'permanent', `There is no API token ${id}.`, next, { field: 'id' });
}
