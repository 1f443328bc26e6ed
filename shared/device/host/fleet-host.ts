import type { SecretRow } from '#shared/contracts/ipc/index.ts';
import type { Replica } from '#shared/replica/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import type { CoreContact } from './contact/core-contact.ts';
import type { FleetModel } from './fleet-model.ts';
import type { Notices } from './notices.ts';
import type { CoreLists } from './observed/core-lists.ts';
import type { PlanBook } from './plans/plan-book.ts';
import type { HostPorts } from './ports.ts';
import type { SharedCopies } from './shared-copies.ts';
import type { ViewDocuments } from './view/view-documents.ts';

/** Everything that calls and topics of one open fleet work with. */
export interface FleetHost {
  readonly ports: HostPorts;
  readonly context: DeviceContext;
  readonly fleet: Fleet;
  readonly replica: Replica;
  readonly lists: CoreLists;
  readonly model: FleetModel;
  readonly views: ViewDocuments;
  readonly notices: Notices;
  readonly plans: PlanBook;
  readonly copies: SharedCopies;
  contact(): CoreContact;
  isOnline(): boolean;
  /** Works out anew what shows these apps; everything when none is named. */
  refresh(apps?: readonly string[]): void;
  /** The core was asked about invitations, and its answer stands in the lists. */
  invitationsChanged(): Promise<void>;
  /** Confirmed changes wait, or no longer do. */
  intentsChanged(): Promise<void>;
  secretsOf(appId: string): readonly SecretRow[];
}
