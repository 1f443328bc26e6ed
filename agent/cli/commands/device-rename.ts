import { levelTrust, rename } from '#shared/device/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import { findDevice } from '../fleet/find-in-log.ts';
import type { VerbInput } from '../options.ts';

/** Gives a device another name, for everybody. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const level = await levelTrust(fleet);
    if (!level.ok) return level;
    const device = findDevice(fleet.trust(), input.arg(0));
    if (!device.ok) return device;
    const { deviceId, name: before } = device.value;
    const name = input.arg(1);
    const renamed = await rename(context, fleet, { what: 'device', id: deviceId, name });
    if (!renamed.ok) return renamed;
    return done({ deviceId, name, before }, (out) => out.line(`${before} is called ${name} now.`, 'good'));
  });
}
