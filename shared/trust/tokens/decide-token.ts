import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { Opened } from '../envelopes/open-envelope.ts';
import { isOwnerDevice, unknownSigner } from '../log/permissions.ts';
import type { TrustView } from '../log/view.ts';
import type { ApiToken, ApiTokenVerb, TokenOrder } from './token-order.ts';

/** The longest that a token may be good for. */
export const MAX_TOKEN_LIFE_MS = 366 * 24 * 3_600_000;

/** Clocks of device and core may differ by this much at the ceiling. */
const CLOCK_SKEW_MS = 60_000;

/** TOK-1, TOK-3: may this order make a token, or end one? */
export function decideTokenOrder(about: {
  readonly opened: Opened<TokenOrder>;
  readonly state: TrustView;
  /** The core's clock, in milliseconds. */
  readonly now: number;
}): Result<void> {
  const { opened, state, now } = about;
  const owner = requireOwner(state, opened.signer);
  const { token } = opened.payload;
  if (!owner.ok || token === null) return owner;
  const expiresMs = Date.parse(token.expiresAt);
  if (expiresMs > now && expiresMs <= now + MAX_TOKEN_LIFE_MS + CLOCK_SKEW_MS) return ok();
  return err(
    fault(
      'token.bad-expiry',
      'denied',
      `the token would end at ${token.expiresAt}; that must lie ahead, by at most 366 days`,
      'choose another time, and check the clocks of this device and of the core',
      { field: 'expiresAt' },
    ),
  );
}

/** Where a token wants to look or to propose; null: at no single app, on no known node. */
export interface TokenScope {
  readonly appId: string | null;
  readonly node: string | null;
}

/** TOK-4, TOK-5: does a token hold now, at all? */
export function decideTokenHolds(about: {
  readonly token: ApiToken;
  /** The device that signed it. */
  readonly maker: string;
  readonly state: TrustView;
  readonly now: number;
}): Result<void> {
  const { token, maker, state, now } = about;
  if (Date.parse(token.expiresAt) <= now)
    return err(
      fault(
        'token.expired',
        'denied',
        `the token ${JSON.stringify(token.name)} ended at ${token.expiresAt}`,
        'make a new one with `overseer tokens add` on a device of an owner',
      ),
    );
  if (requireOwner(state, maker).ok) return ok();
  return err(
    fault(
      'token.orphaned',
      'denied',
      `the device that made the token ${JSON.stringify(token.name)} is no owner's any more`,
      'make a new one with `overseer tokens add` on a device of an owner',
    ),
  );
}

/** TOK-4: is this within every limit of the token? Where a limit is set, what has no app or no node lies outside. */
export function isWithinToken(token: ApiToken, verb: ApiTokenVerb, scope: TokenScope): boolean {
  if (!token.verbs.includes(verb)) return false;
  if (token.apps && (scope.appId === null || !token.apps.includes(scope.appId))) return false;
  return !token.nodes || (scope.node !== null && token.nodes.includes(scope.node));
}

/** TOK-4: why a token does not reach this. */
export function outsideToken(token: ApiToken, verb: ApiTokenVerb): Fault {
  return fault(
    'token.not-allowed',
    'denied',
    `the token ${JSON.stringify(token.name)} is not for this: it may ${token.verbs.join(', ')}${limitText(token)}`,
    `use another token, or make one with \`overseer tokens add NAME --verb ${verb}\``,
    { detail: { verb } },
  );
}

function limitText({ nodes, apps }: ApiToken): string {
  const parts = [apps && `${apps.length} app(s)`, nodes && `${nodes.length} node(s)`].filter(Boolean);
  return parts.length > 0 ? ` on ${parts.join(' and ')}` : '';
}

function requireOwner(state: TrustView, deviceId: string): Result<void> {
  if (isOwnerDevice(state, deviceId)) return ok();
  if (!state.devices.has(deviceId)) return err(unknownSigner(state, deviceId));
  return err(
    fault(
      'trust.not-allowed',
      'denied',
      'API tokens are made and ended by owners alone',
      'do this on a desktop or CLI of an owner',
      { detail: { device: deviceId, verb: 'token' } },
    ),
  );
}
