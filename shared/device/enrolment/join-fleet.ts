import type { DeviceWaitResponse } from '#shared/contracts/rest/index.ts';
import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import {
  type ApproverAnswer,
  codeOfNewDevice,
  commitDevice,
  type Device,
  type DeviceCommitment,
  type Envelope,
  writeApprovalTicket,
} from '#shared/trust/index.ts';
import { type CoreClient, interrupted } from '../connection/core-client.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import { pause } from '../ports/timers.ts';
import { verifyJoined } from './verify-joined.ts';

/** How a new device asks, and how its person hears what to do. */
export interface JoinWish {
  /** Without a session: this device has none yet. */
  readonly client: CoreClient;
  /** Hash of the genesis, as the core says; the code covers it. */
  readonly fleet: string;
  /** This device's own keys, as they shall stand in the log. */
  readonly device: Device;
  /** The core has taken the request: now somebody runs `overseer device approve`. */
  readonly onAsked: (about: { readonly request: string; readonly expiresAt: string; readonly ticket: string }) => void;
  /**
   * An owner's device has answered: show this code; the person compares it there. Who keeps `answer` can take the log
   * later (verifyJoined) if this device is cut off before it hears of its approval.
   */
  readonly onCode: (code: string, answer: ApproverAnswer) => void;
}

const RETRY_MS = 1_000;

/**
 * ENR-7, ENR-8: the new device's side. Commits, waits for an approver, reveals, shows the code, waits for the outcome.
 * Gives the log that names this device, verified against the fleet and the approver that the code stood for.
 */
export async function joinFleet(context: DeviceContext, wish: JoinWish): Promise<Result<readonly Envelope[]>> {
  const { client, fleet, device } = wish;
  const own = commitDevice({ fleet, device, random: context.random });
  const { name, kind } = device;
  const asked = await client.call('requestDevice', { body: { commitment: own.commitment, name, kind } });
  if (!asked.ok) return asked;
  const { ticket, request, expiresAt } = asked.value;
  wish.onAsked({ request, expiresAt, ticket: writeApprovalTicket({ request, commitment: own.commitment }) });
  let answer: ApproverAnswer | null = null;
  let seen: DeviceWaitResponse['state'] = 'waiting';
  while (context.clock.nowMs() < Date.parse(expiresAt)) {
    if (context.signal.aborted) return err(interrupted());
    const waited: Result<DeviceWaitResponse> = await client.call('waitDevice', { body: { ticket, seen } });
    if (!waited.ok) {
      if (waited.error.kind !== 'transient' || context.signal.aborted) return waited;
      await pause(context.timers, RETRY_MS, context.signal);
      continue;
    }
    const { state, reason, trust }: DeviceWaitResponse = waited.value;
    if (state === 'refused') return err(refused(reason));
    if (answer === null && waited.value.answer !== null) {
      const revealed = await reveal(wish, own, ticket, waited.value.answer);
      if (!revealed.ok) return revealed;
      answer = waited.value.answer;
    }
    if (state === 'approved')
      return answer === null ? err(neverAnswered()) : verifyJoined(trust, { fleet, device, answer });
    // What was revealed need not be heard of again.
    seen = state === 'asked' ? 'revealed' : state;
  }
  return err(nobodyAnswered(answer !== null));
}

/** One commitment is revealed for one answer only: the code that is shown stands for it from here on. */
async function reveal(
  wish: JoinWish,
  own: DeviceCommitment,
  ticket: string,
  answer: ApproverAnswer,
): Promise<Result<void>> {
  const code = codeOfNewDevice(own, answer, wish.fleet);
  if (!code.ok) return code;
  const body = { ticket, identity: own.identity, nonce: own.nonce };
  const revealed = await wish.client.call('revealDevice', { body });
  // Lost on the way or not: the same reveal again changes nothing.
  const again =
    revealed.ok || revealed.error.kind !== 'transient' ? revealed : await wish.client.call('revealDevice', { body });
  if (!again.ok) return again;
  wish.onCode(code.value, answer);
  return ok();
}

function refused(reason: string | null): Fault {
  return fault(
    'device.refused',
    'denied',
    `the approving device refused this one${reason ? `: ${reason}` : ''}`,
    'Begin anew here if that was a mistake; if the codes differed, somebody may stand between the devices.',
  );
}

function neverAnswered(): Fault {
  return fault(
    'enrol.false-log',
    'denied',
    'the core says that this device was approved, but no device has answered it',
    'Do not trust this core; check its address and its fingerprint.',
  );
}

function nobodyAnswered(begun: boolean): Fault {
  return fault(
    'device.request-over',
    'transient',
    begun ? 'the approval was not finished within ten minutes' : 'nobody approved this device within ten minutes',
    "Begin anew, and run `overseer device approve` on an owner's device meanwhile.",
  );
}
