import { z } from 'zod';
import { type Clock, type Fault, fault, isoTime, ok, type Result } from '#shared/kernel/index.ts';
import { followTexts, type PlacedHead, placeHead, type TrustState } from '#shared/trust/index.ts';
import type { CoreClient } from '../connection/core-client.ts';
import { LINKED_MEMO, raiseAlarm } from '../holding/alarms.ts';
import type { DeviceStore } from '../ports/device-store.ts';

/** A head of the core's record that another device or a node signed into an envelope. */
export interface ForeignHead {
  /** Its deviceId or nodeId. */
  readonly by: string;
  readonly hash: string;
}

/** What comparing stands on. */
export interface HeadsContext {
  readonly clock: Clock;
  readonly client: Pick<CoreClient, 'call'>;
  readonly store: Pick<DeviceStore, 'memo' | 'saveMemo' | 'noteHeads'>;
  readonly trust: TrustState;
  /** The newest head that the core has shown to this device. */
  readonly own: string | null;
}

/** Entries between the lowest and the highest head that are read; what lies further apart is for `audit verify`. */
export const MAX_SPAN = 5_000;
const PAGE = 200;
const memoSchema = z.object({ seq: z.number().int().min(1), hash: z.string() });

interface Placed extends PlacedHead {
  /** Null: this device itself. */
  readonly by: string | null;
}

/**
 * AUD-8: shows that what others saw of the core's record, and what this device saw, is one chain. Each head must be an
 * entry of it, and the exact texts between the lowest and the highest must lead from one to the other. Gives the alarms
 * that are new; a fault when the core can not be asked now.
 */
export async function compareHeads(context: HeadsContext, foreign: readonly ForeignHead[]): Promise<Result<Fault[]>> {
  const known = await linkedHead(context.store);
  const alarms: Fault[] = [];
  const alarm = async (by: string | null): Promise<void> => {
    const raised = await raiseAlarm(context, context.store, otherRecord(context.trust, by));
    if (raised) alarms.push(raised);
  };
  const heads: Placed[] = known ? [{ ...known, by: null }] : [];
  const asked = [...foreign, ...(context.own === null ? [] : [{ by: null, hash: context.own }])];
  for (const { by, hash } of asked) {
    if (heads.some((head) => head.hash === hash)) continue;
    const texts = await textsFrom(context, hash, 1);
    if (!texts.ok) return texts;
    const placed = placeHead(hash, texts.value[0]);
    if (placed) heads.push({ ...placed, by });
    else await alarm(by);
  }
  const highest = Math.max(...heads.map(({ seq }) => seq));
  const near = heads.filter(({ seq }) => seq > highest - MAX_SPAN).sort((a, b) => a.seq - b.seq);
  const walked = await walk(context, near);
  if (!walked.ok) return walked;
  for (const { by } of walked.value.off) await alarm(by);
  const last = walked.value.linked.at(-1);
  if (last && last.seq > (known?.seq ?? 0)) {
    await context.store.saveMemo(LINKED_MEMO, JSON.stringify({ seq: last.seq, hash: last.hash }));
    await context.store.noteHeads('core', [last.hash], isoTime(context.clock));
  }
  return ok(alarms);
}

/** Reads the chain from the lowest head on; gives the heads that stand on it, lowest first, and those that do not. */
async function walk(
  context: HeadsContext,
  heads: readonly Placed[],
): Promise<Result<{ linked: Placed[]; off: Placed[] }>> {
  const linked: Placed[] = [];
  const off: Placed[] = [];
  let rest = heads;
  let at: PlacedHead | undefined;
  while (rest.length > 0) {
    const from = at ?? rest[0];
    const texts = await textsFrom(context, from?.hash ?? '', PAGE);
    if (!texts.ok) return texts;
    const [self, ...further] = texts.value;
    const isThere = from !== undefined && placeHead(from.hash, self)?.seq === from.seq;
    const links = isThere ? followTexts(from, further) : ok([]);
    // The chain ends or breaks before the next head: nothing leads there. Of the lowest only itself is known to be off.
    if (at && (!links.ok || links.value.length === 0)) return ok({ linked, off: [...off, ...rest] });
    if (!isThere) {
      off.push(...rest.slice(0, 1));
      rest = rest.slice(1);
      continue;
    }
    const reached = [from, ...(links.ok ? links.value : [])];
    const hashes = new Set(reached.map(({ hash }) => hash));
    at = reached.at(-1) as PlacedHead;
    const upTo = at.seq;
    for (const head of rest.filter(({ seq }) => seq <= upTo)) (hashes.has(head.hash) ? linked : off).push(head);
    rest = rest.filter(({ seq }) => seq > upTo);
  }
  return ok({ linked, off });
}

/** Texts of the record from an entry on; none where the core does not show it. A fault only while the core is away. */
async function textsFrom({ client }: HeadsContext, hash: string, limit: number): Promise<Result<readonly string[]>> {
  const answer = await client.call('traceAudit', { params: { hash }, query: { limit } });
  if (answer.ok) return ok(answer.value.entries);
  return answer.error.kind === 'transient' ? answer : ok([]);
}

async function linkedHead(store: Pick<DeviceStore, 'memo'>): Promise<PlacedHead | null> {
  const text = await store.memo(LINKED_MEMO);
  return text ? memoSchema.parse(JSON.parse(text)) : null;
}

function otherRecord(trust: TrustState, by: string | null): Fault {
  const name = by === null ? 'this device' : (trust.devices.get(by)?.name ?? trust.nodes.get(by)?.name ?? by);
  return fault(
    'audit.other-record',
    'permanent',
    `what ${name} saw of the core's record of who did what is not in the record that the core shows now`,
    'Run `overseer audit verify` here and on your other devices. If nobody has put the core back to an older copy, ' +
      `do not trust it further${by === null ? '' : `, or look at ${name}: it may say what it did not see`}.`,
    by === null ? {} : { detail: { by } },
  );
}
