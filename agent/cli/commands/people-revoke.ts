import { levelTrust } from '#shared/device/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, withFleet } from '../context.ts';
import { findPerson } from '../fleet/find-in-log.ts';
import { revokeFromLog } from '../fleet/revoke-from-log.ts';
import type { VerbInput } from '../options.ts';

/** Ends a person with all devices, also those that are let in for that person at this very moment elsewhere. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    // It may have come in since this device last looked.
    const level = await levelTrust(fleet);
    if (!level.ok) return level;
    const person = findPerson(fleet.trust(), input.arg(0));
    if (!person.ok) return person;
    const { personId, name } = person.value;
    return revokeFromLog(context, fleet, input, { revoked: { personId }, name });
  });
}
