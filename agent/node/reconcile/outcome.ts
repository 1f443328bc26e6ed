import { type Fault, isoTime } from '#shared/kernel/index.ts';
import type { Envelope } from '#shared/trust/index.ts';
import type { ApplyOutcome, StepEvent } from '../apply/request.ts';
import type { OutcomeMessage, StoredRelease } from '../store/release-store.ts';
import type { NodeContext } from './node-context.ts';

type Ended =
  | ApplyOutcome
  | { outcome: 'superseded'; digests: Record<string, never>; awayMs: null; fault: Fault | null };

/**
 * Ends an accepted release: signed entry, outcome and outbox message in one transaction, then tells the core. `did`
 * says per step what was changed.
 */
export async function finishRelease(
  context: NodeContext,
  release: StoredRelease,
  ended: Ended,
  did: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { appId, header, number } = release;
  let message: OutcomeMessage | undefined;
  await context.audit.append(
    {
      action: ended.outcome,
      subject: { appId, number: String(number) },
      order: header,
      detail: {
        ...did,
        ...(ended.awayMs === null ? {} : { awayMs: String(ended.awayMs) }),
        ...faultDetail(ended.fault),
        ...digestDetail(ended.digests),
      },
    },
    (proof) => {
      message = {
        type: 'outcome',
        appId,
        header,
        number,
        outcome: ended.outcome,
        awayMs: ended.awayMs,
        fault: wireFault(ended.fault),
        floor: null,
        proof,
      };
      context.store.releases.finish(header, ended.outcome, ended.digests, message);
    },
  );
  if (message) context.send(message);
}

/** P8: an order that is no envelope has no name to answer to; that somebody sent it is written down all the same. */
export async function refuseUnreadable(context: NodeContext, subject: Readonly<Record<string, string>>): Promise<void> {
  context.log(`An order was refused: it is no envelope. ${JSON.stringify(subject)}`);
  const detail = { fault: 'trust.malformed', message: 'the order is no envelope' };
  await context.audit.append({ action: 'refused', subject, order: null, detail });
}

/** Refuses a release: one signed entry, one message kept until the core has it. Nothing else changes. */
export async function refuseRelease(
  context: NodeContext,
  refused: { appId: string; header: string; number: number },
  why: Fault,
): Promise<void> {
  const { appId, header, number } = refused;
  const floorHeader = context.store.releases.floor(appId).accepted?.header;
  const floor: Envelope | null = (floorHeader && context.store.releases.get(floorHeader)?.envelope) || null;
  const waiting = context.store.releases.outbox().find((one) => one.header === header);
  if (waiting) {
    context.send(waiting);
    return;
  }
  let message: OutcomeMessage | undefined;
  await context.audit.append(
    { action: 'refused', subject: { appId, number: String(number) }, order: header, detail: faultDetail(why) },
    (proof) => {
      message = {
        type: 'outcome',
        appId,
        header,
        number,
        outcome: 'refused',
        awayMs: null,
        fault: wireFault(why),
        floor: why.kind === 'conflict' ? floor : null,
        proof,
      };
      context.store.releases.enqueue(message);
    },
  );
  if (message) context.send(message);
}

/** Tells a step of a job; lost when the core is away, since only the outcome must arrive. */
export function sendStep(context: NodeContext, release: { appId: string; header: string }, event: StepEvent): void {
  context.send({
    type: 'step',
    appId: release.appId,
    header: release.header,
    step: event.step,
    state: event.state,
    at: isoTime(context.clock),
    text: event.text.slice(0, 2_048),
  });
}

/** A fault cut to what the link contract takes. */
export function wireFault(value: Fault | null): OutcomeMessage['fault'] {
  if (value === null) return null;
  const { code, kind, message, next, field, detail } = value;
  return {
    code,
    kind,
    message: message.slice(0, 4_096),
    next: next.slice(0, 2_048),
    ...(field === undefined ? {} : { field: field.slice(0, 256) }),
    ...(detail === undefined ? {} : { detail: { ...detail } }),
  };
}

function faultDetail(value: Fault | null): Record<string, string> {
  return value === null ? {} : { fault: value.code, message: value.message };
}

/** The digests a release ran with, as JSON in pieces that fit the entry's limit per value. */
function digestDetail(digests: Readonly<Record<string, string>>): Record<string, string> {
  if (Object.keys(digests).length === 0) return {};
  const text = JSON.stringify(digests);
  const pieces: Record<string, string> = {};
  for (let at = 0; at < text.length; at += 1_900) {
    pieces[at === 0 ? 'digests' : `digests-${at / 1_900 + 1}`] = text.slice(at, at + 1_900);
  }
  return pieces;
}
