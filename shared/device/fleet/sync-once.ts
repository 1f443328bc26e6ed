import { coreToReplicaSchema } from '#shared/contracts/sync/messages.ts';
import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { RefusedEdit, Replica } from '#shared/replica/index.ts';
import { errorToFault } from '../connection/core-client.ts';
import type { CoreSocket } from '../connection/core-socket.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import type { Fleet } from './fleet.ts';
import { machineOf, openSyncSocket } from './open-sync.ts';

const SYNC_TIMEOUT_MS = 30_000;

/** Levels the replica and the trust log with the core, once. A fault of kind transient: the core is away. */
export async function syncOnce(context: DeviceContext, fleet: Fleet, replica: Replica): Promise<Result<void>> {
  const late = new AbortController();
  const callOff = context.timers.after(SYNC_TIMEOUT_MS, () => late.abort());
  try {
    const socket = await openSyncSocket(fleet, AbortSignal.any([context.signal, late.signal]));
    return socket.ok ? await exchange(context, fleet, replica, socket.value) : socket;
  } finally {
    callOff();
  }
}

async function exchange(
  context: DeviceContext,
  fleet: Fleet,
  replica: Replica,
  socket: CoreSocket,
): Promise<Result<void>> {
  const machine = machineOf(context, fleet, replica, socket, {
    onRefused: (refused) => tellRefused(context, refused),
    onAside: (edits) => tellAside(context, edits),
  });
  let level = false;
  void machine.level.then(() => {
    level = true;
    socket.close();
  });
  try {
    machine.start();
    for await (const message of socket.messages) await machine.receive(coreToReplicaSchema.parse(message));
    return level ? ok() : err(syncCut());
  } catch (error) {
    return err(errorToFault(error));
  } finally {
    socket.close();
  }
}

function tellAside({ tell }: DeviceContext, edits: readonly RefusedEdit[]): void {
  for (const { doc, fault: reason } of edits) {
    const where = doc === 'fleet' ? 'the list of apps' : doc;
    tell.note(`The core did not take an edit of ${where}: ${reason.message} (${reason.code})`, 'bad');
    tell.note('It is kept aside: `overseer outbox list` shows it, `overseer outbox discard` lets go of it.', 'warn');
  }
}

/** Says which rows were not taken, and why. */
function tellRefused({ tell }: DeviceContext, refused: readonly { fault: Fault }[]): void {
  for (const { fault: reason } of refused) tell.note(`a row was not taken: ${reason.message} (${reason.code})`, 'warn');
}

function syncCut(): Fault {
  return fault(
    'core.unreachable',
    'transient',
    'the core did not finish the exchange of rows in time',
    'Run the command again; what was edited here is kept.',
  );
}
