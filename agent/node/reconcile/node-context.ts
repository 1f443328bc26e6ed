import type { NodeToCore } from '#shared/contracts/link/messages.ts';
import type { Clock } from '#shared/kernel/index.ts';
import type { NodeAudit } from '../audit/node-audit.ts';
import type { NodeIdentityKeys } from '../enrol/identity.ts';
import type { HoldKeeper } from '../holding/hold-keeper.ts';
import type { TimeFloor } from '../holding/time-floor.ts';
import type { TrustHolder } from '../link/trust-holder.ts';
import type { NodeStore } from '../store/node-store.ts';

/** What the parts of a running node share. */
export interface NodeContext {
  readonly fleet: string;
  readonly identity: NodeIdentityKeys;
  readonly store: NodeStore;
  readonly trust: TrustHolder;
  readonly audit: NodeAudit;
  /** Whether changes are taken (HOLD). */
  readonly hold: HoldKeeper;
  /** HOLD-11: never before the floor. What measures beside the engine takes the machine's own. */
  readonly clock: Clock;
  /** How late it is at least (HOLD-10). */
  readonly timeFloor: Pick<TimeFloor, 'raise'>;
  /** To the core, if it is there: false when not. What must not be lost is in the store's outbox or the audit chain. */
  send(message: NodeToCore): boolean;
  /** One line for the node's own log; never a secret. */
  log(line: string): void;
}
