import type { Clock, Random } from '#shared/kernel/index.ts';
import type { CoreAddress } from '#shared/trust/index.ts';
import type { EventHub } from './events/event-hub.ts';
import type { JobRunner } from './jobs/job-runner.ts';
import type { CommandBroker } from './link/command-broker.ts';
import type { NodeBook } from './link/node-book.ts';
import type { ObservedBook } from './link/observed-book.ts';
import type { StreamBook } from './link/stream-book.ts';
import type { Log } from './log.ts';
import type { SessionBook } from './sessions/session-book.ts';
import type { CoreStore } from './store/port.ts';
import type { RowKeeper } from './sync/row-keeper.ts';
import type { TokenBook } from './tokens/token-book.ts';
import type { TrustKeeper } from './trust/trust-keeper.ts';
import type { DeviceRequestBoard } from './usecases/device-request-board.ts';
import type { WaitingRoom } from './usecases/waiting-room.ts';

/** TLS identity and addresses of this core. */
export interface CoreSelf {
  /** hex SHA-256 of the SubjectPublicKeyInfo. */
  readonly spki: string;
  readonly addresses: readonly CoreAddress[];
}

/** What the use cases work with; `start.ts` puts it together, tests put doubles in. */
export interface Core {
  readonly self: CoreSelf;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly store: CoreStore;
  readonly trust: TrustKeeper;
  readonly sessions: SessionBook;
  readonly tokens: TokenBook;
  readonly events: EventHub;
  readonly nodes: NodeBook;
  readonly observed: ObservedBook;
  readonly commands: CommandBroker;
  readonly streams: StreamBook;
  readonly jobs: JobRunner;
  readonly rows: RowKeeper;
  /** Nodes that wait for their place in the trust log, by the hash of their token. */
  readonly enrolments: WaitingRoom;
  readonly deviceRequests: DeviceRequestBoard;
}
