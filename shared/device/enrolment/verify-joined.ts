import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import {
  type ApproverAnswer,
  applyTrustEntries,
  createTrustState,
  type Device,
  type Envelope,
  parseEnvelope,
} from '#shared/trust/index.ts';

/**
 * The log that a new device is handed: it begins with the fleet the code stood for and names exactly these keys, signed
 * in by the device the code stood for. Gives the verified entries, parents first.
 */
export async function verifyJoined(
  trust: readonly unknown[],
  about: { readonly fleet: string; readonly device: Device; readonly answer: ApproverAnswer },
): Promise<Result<readonly Envelope[]>> {
  const entries: Envelope[] = [];
  for (const one of trust) {
    const parsed = parseEnvelope(one);
    if (!parsed.ok) return parsed;
    entries.push(parsed.value);
  }
  const applied = await applyTrustEntries(createTrustState(about.fleet), entries);
  if (!applied.ok) return applied;
  const { state } = applied.value;
  const { deviceId, signKey, ageRecipient, kind } = about.device;
  const found = state.devices.get(deviceId);
  if (found?.signKey !== signKey || found.ageRecipient !== ageRecipient || found.kind !== kind) return err(falseLog());
  // Where several owners let it in, one of them is who it spoke with.
  const isApproved = [...state.graph.values()].some(
    ({ entry, signer }) =>
      entry.kind === 'add-device' && entry.device.deviceId === deviceId && signer === about.answer.approver,
  );
  return isApproved ? ok(state.entries) : err(falseLog());
}

function falseLog(): Fault {
  return fault(
    'enrol.false-log',
    'denied',
    'the trust log does not name this device as the approving device should have signed it in',
    'Do not use this core before you have found out why; begin anew from another network or address.',
  );
}
