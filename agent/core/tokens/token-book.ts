import { timingSafeEqual } from 'node:crypto';
import {
  type Clock,
  err,
  type Fault,
  fault,
  fromHex,
  isoTime,
  ok,
  type Result,
  sha256Hex,
} from '#shared/kernel/index.ts';
import {
  type ApiToken,
  decideTokenHolds,
  type Envelope,
  everyTrustKey,
  type Opened,
  openEnvelope,
  parseTokenText,
  type TokenOrder,
  type TrustState,
} from '#shared/trust/index.ts';
import type { Log } from '../log.ts';
import type { DurableStore } from '../store/port.ts';

/** One token as its owner signed it. */
export interface HeldToken {
  readonly tokenId: string;
  readonly token: ApiToken;
  /** Device that signed it. */
  readonly maker: string;
  readonly createdAt: string;
  readonly order: Envelope;
  readonly isRevoked: boolean;
}

/** API tokens by id. In memory a copy of what the store holds; the secrets are nowhere. */
export interface TokenBook {
  list(): readonly HeldToken[];
  get(tokenId: string): HeldToken | undefined;
  put(held: HeldToken): void;
  /** Why it does not hold now, if so. */
  holds(held: HeldToken): Result<void>;
  /** The token with this text, if it holds now. `token.unknown` for what nobody was given. */
  check(text: string): Result<HeldToken>;
  lastUsedAt(tokenId: string): string | null;
}

/** Compared with where there is no such id, so that the answer takes as long. */
const NO_HASH = '0'.repeat(64);

/** Reads the book: each stored order is verified again, for a disk is no authority (TOK-1). */
export async function loadTokenBook(about: {
  store: DurableStore;
  clock: Clock;
  trust: () => TrustState;
  log: Log;
}): Promise<TokenBook> {
  const { store, clock, trust, log } = about;
  const held = new Map<string, HeldToken>();
  const used = new Map<string, string>();
  for (const { tokenId, made, revoked } of await store.read.listTokens()) {
    const state = trust();
    const opened = await openEnvelope(made, {
      kind: 'token',
      fleet: state.fleet,
      keys: everyTrustKey(state, 'device'),
    });
    const read = opened.ok ? toHeldToken(opened.value, made, revoked !== null) : undefined;
    if (read?.tokenId === tokenId) held.set(tokenId, read);
    else log.error('A stored API token does not verify and does not count', { token: tokenId });
  }
  const holds = (one: HeldToken): Result<void> =>
    one.isRevoked
      ? err(revokedToken(one.token.name))
      : decideTokenHolds({ token: one.token, maker: one.maker, state: trust(), now: clock.nowMs() });
  return {
    list: () => [...held.values()],
    get: (tokenId) => held.get(tokenId),
    put: (one) => void held.set(one.tokenId, one),
    holds,
    check(text) {
      const parsed = parseTokenText(text);
      const found = parsed && held.get(parsed.tokenId);
      const isSame = equalHashes(sha256Hex(parsed?.secret ?? new Uint8Array(32)), found?.token.secretHash ?? NO_HASH);
      if (found === undefined || !isSame) return err(unknownToken());
      const still = holds(found);
      if (!still.ok) return still;
      used.set(found.tokenId, isoTime(clock));
      return ok(found);
    },
    lastUsedAt: (tokenId) => used.get(tokenId) ?? null,
  };
}

/** An opened order that makes a token; undefined for one that ends it. */
export function toHeldToken(opened: Opened<TokenOrder>, order: Envelope, isRevoked: boolean): HeldToken | undefined {
  const { tokenId, token, issuedAt } = opened.payload;
  if (token === null) return undefined;
  return { tokenId, token, maker: opened.signer, createdAt: issuedAt, order, isRevoked };
}

/** In the same time wherever they differ. */
function equalHashes(a: string, b: string): boolean {
  const [left, right] = [fromHex(a), fromHex(b)];
  return left !== undefined && right !== undefined && left.length === right.length && timingSafeEqual(left, right);
}

/** No token of this core. */
export function unknownToken(): Fault {
  return fault(
    'token.unknown',
    'denied',
    'The core knows no such API token.',
    'Copy the whole token, from `ovt_` on, as `overseer tokens add` showed it; a new one is made there too.',
    { field: 'authorization' },
  );
}

function revokedToken(name: string): Fault {
  return fault(
    'token.revoked',
    'denied',
    `The token ${JSON.stringify(name)} was revoked.`,
    'Make a new one with `overseer tokens add` on a device of an owner.',
  );
}
