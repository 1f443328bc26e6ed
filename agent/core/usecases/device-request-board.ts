import type { DeviceRequest } from '#shared/contracts/rest/index.ts';
import { type Clock, isoTime, type Random, randomId, toBase64Url } from '#shared/kernel/index.ts';
import { createWaitingRoom, type WaitingRoom } from './waiting-room.ts';

/** A request lives this long, answered or not. */
export const DEVICE_REQUEST_LIFE_MS = 10 * 60_000;
/** Anyone may ask, so their number is bounded; the rate limit keeps one address well below it. */
export const MAX_DEVICE_REQUESTS = 64;

/** A request with what only the new device knows. */
export interface PendingDevice extends DeviceRequest {
  readonly ticket: string;
  /** Why it was refused; null otherwise. */
  readonly reason: string | null;
  /** Id of the revealed key; null before the reveal. */
  readonly deviceId: string | null;
}

/** Devices that ask to join. Memory only: who asked before a restart asks again. */
export interface DeviceRequestBoard {
  /** undefined: too many wait already. */
  add(wish: Pick<DeviceRequest, 'commitment' | 'name' | 'kind'>): PendingDevice | undefined;
  byTicket(ticket: string): PendingDevice | undefined;
  byId(request: string): PendingDevice | undefined;
  list(): PendingDevice[];
  /** Changes a request that is still there and wakes who waits for it. */
  change(request: string, change: Partial<PendingDevice>): PendingDevice | undefined;
  /** Resolves at the next change of this request, after `timeoutMs`, or when `signal` ends. */
  waitForChange: WaitingRoom['waitForChange'];
}

/** Makes an empty board. */
export function createDeviceRequestBoard(clock: Clock, random: Random): DeviceRequestBoard {
  const requests = new Map<string, PendingDevice>();
  const waiting = createWaitingRoom();
  const live = (): PendingDevice[] => {
    for (const [id, { expiresAt }] of requests) if (Date.parse(expiresAt) <= clock.nowMs()) requests.delete(id);
    return [...requests.values()];
  };
  return {
    add(wish) {
      if (live().length >= MAX_DEVICE_REQUESTS) return undefined;
      const pending: PendingDevice = {
        ...wish,
        request: randomId(random),
        ticket: toBase64Url(random.bytes(32)),
        state: 'waiting',
        requestedAt: isoTime(clock),
        expiresAt: new Date(clock.nowMs() + DEVICE_REQUEST_LIFE_MS).toISOString(),
        answer: null,
        identity: null,
        nonce: null,
        reason: null,
        deviceId: null,
      };
      requests.set(pending.request, pending);
      return pending;
    },
    byTicket: (ticket) => live().find((item) => item.ticket === ticket),
    byId: (request) => live().find((item) => item.request === request),
    list: live,
    change(request, change) {
      const held = live().find((item) => item.request === request);
      if (held === undefined) return undefined;
      const changed = { ...held, ...change };
      requests.set(request, changed);
      waiting.changed(request);
      return changed;
    },
    waitForChange: waiting.waitForChange,
  };
}
