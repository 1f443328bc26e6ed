import { levelTrust, setThreshold } from '#shared/device/index.ts';
import { err, type Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import { badOption, type VerbInput } from '../options.ts';

/** Says how many owners' devices must let a further owner in. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const wanted = input.arg(0);
    if (!/^[1-8]$/.test(wanted))
      return err(badOption('cli.bad-option', '<owners>', `"${wanted}" is no number from 1 to 8`, 'Give a number.'));
    const level = await levelTrust(fleet);
    if (!level.ok) return level;
    const before = fleet.trust().ownerThreshold;
    const set = await setThreshold(context, fleet, Number(wanted));
    if (!set.ok) return set;
    const { ownerThreshold } = fleet.trust();
    const waits = ownerThreshold !== Number(wanted);
    return done({ wanted: Number(wanted), threshold: ownerThreshold, before, waits }, (out) => {
      if (waits)
        out.line(
          `It waits: ${Math.max(before, Number(wanted))} owners' devices must say so. On the next one: \`overseer people confirm\`.`,
          'warn',
        );
      else out.line(`${ownerThreshold} of the owners' devices must let a further owner in.`, 'good');
    });
  });
}
