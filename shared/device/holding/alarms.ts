import { z } from 'zod';
import { faultSchema } from '#shared/contracts/errors/fault-schema.ts';
import { type Clock, type Fault, isoTime } from '#shared/kernel/index.ts';
import type { DeviceStore } from '../ports/device-store.ts';

/** Something that this device has seen and that must not be: kept until its person has looked at it. */
export interface Alarm {
  readonly at: string;
  readonly fault: Fault;
}

const MEMO = 'alarms';
/** The newest entry of the core's record that was linked to what others saw (AUD-8): JSON, or empty. */
export const LINKED_MEMO = 'core-chain';
const KEPT = 50;
const alarmsSchema = z.array(z.object({ at: z.string(), fault: faultSchema }));

/** All that stand, oldest first. */
export async function listAlarms(store: Pick<DeviceStore, 'memo'>): Promise<readonly Alarm[]> {
  const text = await store.memo(MEMO);
  return text === undefined ? [] : (alarmsSchema.parse(JSON.parse(text)) as Alarm[]);
}

/** Keeps an alarm; gives it when it is new, null when it stands already. */
export async function raiseAlarm(
  { clock }: { readonly clock: Clock },
  store: Pick<DeviceStore, 'memo' | 'saveMemo'>,
  why: Fault,
): Promise<Fault | null> {
  const before = await listAlarms(store);
  if (before.some(({ fault }) => fault.message === why.message)) return null;
  await store.saveMemo(MEMO, JSON.stringify([...before, { at: isoTime(clock), fault: why }].slice(-KEPT)));
  return why;
}

/**
 * Lets go of all that stand: their person has looked at them. What the core shows from now on is compared with what it
 * shows now, so a core that was put back to an older copy is told of once.
 */
export async function settleAlarms(store: Pick<DeviceStore, 'saveMemo'>): Promise<void> {
  await store.saveMemo(MEMO, '[]');
  await store.saveMemo(LINKED_MEMO, '');
}
