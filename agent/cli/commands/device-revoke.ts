import { levelTrust } from '#shared/device/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, withFleet } from '../context.ts';
import { findDeviceEver } from '../fleet/find-in-log.ts';
import { revokeFromLog } from '../fleet/revoke-from-log.ts';
import type { VerbInput } from '../options.ts';

/**
 * Ends a device: it orders nothing any more, on every node and device that hears of it. Of one that is revoked already it
 * corrects what stands.
 */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    // It may have come in since this device last looked.
    const level = await levelTrust(fleet);
    if (!level.ok) return level;
    const device = findDeviceEver(fleet.trust(), input.arg(0));
    if (!device.ok) return device;
    const { deviceId, name } = device.value;
    return revokeFromLog(context, fleet, input, { revoked: { deviceId }, name });
  });
}
