import { SYNC_MAX_FRAME_BYTES, SYNC_PROTOCOL } from '#shared/contracts/sync/messages.ts';
import { VERSION } from '#shared/contracts/versions.ts';
import { FaultError, type Random, type Result, randomId } from '#shared/kernel/index.ts';
import { createSyncMachine, type Replica, type SyncMachine, type SyncOptions } from '#shared/replica/index.ts';
import { type CoreSocket, openCoreSocket } from '../connection/core-socket.ts';
import type { Fleet } from './fleet.ts';

/** Opens the socket that rows travel over. */
export function openSyncSocket(fleet: Fleet, signal: AbortSignal): Promise<Result<CoreSocket>> {
  return openCoreSocket(fleet.client, fleet.sockets, {
    path: '/api/v1/sync',
    protocol: SYNC_PROTOCOL,
    maxFrameBytes: SYNC_MAX_FRAME_BYTES,
    signal,
  });
}

/** The replica's half of one sync connection, over an open socket. It throws a FaultError at a log it can not take. */
export function machineOf(
  about: { random: Random },
  fleet: Fleet,
  replica: Replica,
  socket: Pick<CoreSocket, 'send'>,
  listeners: Pick<SyncOptions, 'onRows' | 'onRefused' | 'onAside'> = {},
): SyncMachine {
  return createSyncMachine({
    ...listeners,
    replica,
    version: VERSION,
    trust: fleet.trust,
    onTrust: async (entries) => {
      const taken = await fleet.takeTrust(entries);
      if (!taken.ok) throw new FaultError(taken.error);
    },
    send: (message) => socket.send(message),
    newId: () => randomId(about.random),
  });
}
