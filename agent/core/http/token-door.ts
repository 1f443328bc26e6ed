import { TOKEN_SCHEME } from '#shared/contracts/rest/index.ts';
import { type Fault, FaultError, fault } from '#shared/kernel/index.ts';
import type { Core } from '../core.ts';
import { createBuckets } from '../rate-limit.ts';
import { createThinWarnings } from '../thin-warnings.ts';
import type { TokenCaller } from '../usecases/caller.ts';

/** Wrong tokens that one address may send at once, and how many come back per second. */
const WRONG_TOKENS = { capacity: 10, perSecond: 0.1 };
/** Requests of one token. */
const REQUESTS = { capacity: 120, perSecond: 10 };

/** Who may enter by API token. */
export interface TokenDoor {
  /** Whether these headers carry one at all. */
  isFor(headers: { authorization?: string | undefined }): boolean;
  /** The holder of the token. Throws a FaultError when it does not hold, or when too many came. */
  enter(request: { headers: { authorization?: string | undefined }; ip: string }): TokenCaller;
}

/** A request that came too often, with the seconds to wait in `detail.retryAfterSeconds`. */
export function tooManyRequests(who: string, waitSeconds: number): Fault {
  return fault(
    'request.too-many',
    'transient',
    `Too many requests from this ${who}.`,
    `Try again in ${waitSeconds} s.`,
    {
      detail: { retryAfterSeconds: String(waitSeconds) },
    },
  );
}

/**
 * Checks tokens in constant time. Who sends wrong ones is made to wait before another one is looked at, and leaves a line
 * in the log, not in the audit: strangers must not be able to fill that.
 */
export function createTokenDoor(core: Core): TokenDoor {
  const wrong = createBuckets(WRONG_TOKENS, core.clock);
  const requests = createBuckets(REQUESTS, core.clock);
  const warn = createThinWarnings(core.log);
  return {
    isFor: ({ authorization }) => tokenOf(authorization) !== undefined,
    enter({ headers, ip }) {
      const waitSeconds = wrong.waitFor(ip);
      if (waitSeconds > 0) throw new FaultError(tooManyRequests('address', waitSeconds));
      const checked = core.tokens.check(tokenOf(headers.authorization) ?? '');
      if (!checked.ok) {
        if (checked.error.code === 'token.unknown') {
          wrong.take(ip);
          warn('A wrong API token was refused', { address: ip });
        }
        throw new FaultError(checked.error);
      }
      const held = checked.value;
      const busySeconds = requests.take(held.tokenId);
      if (busySeconds > 0) throw new FaultError(tooManyRequests('token', busySeconds));
      return { held };
    },
  };
}

function tokenOf(authorization: string | undefined): string | undefined {
  const [scheme = '', token] = (authorization ?? '').split(' ');
  return scheme.toLowerCase() === TOKEN_SCHEME.toLowerCase() ? (token ?? '') : undefined;
}
