import { answerRevocation } from '#shared/device/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import { stateBesideRevocations } from '#shared/trust/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import { confirmName } from '../device/confirm-name.ts';
import { findDevice } from '../fleet/find-in-log.ts';
import type { VerbInput } from '../options.ts';

/** Revokes in return a younger device that has revoked this one: of the two the elder stays. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const known = stateBesideRevocations(fleet.trust(), fleet.device.deviceId);
    const device = findDevice(known, input.arg(0));
    if (!device.ok) return device;
    const { deviceId, name } = device.value;
    context.out.line(`ends    ${name} (${deviceId})`);
    const confirmed = await confirmName(context, input, name);
    if (!confirmed.ok) return confirmed;
    const answered = await answerRevocation(context, fleet, deviceId);
    if (!answered.ok) return answered;
    return done({ deviceId, name }, (out) => {
      out.line(`${name} is revoked, and this device counts again.`, 'good');
      out.line('Look at `overseer device list` and `audit list` for what it did meanwhile.', 'warn');
    });
  });
}
