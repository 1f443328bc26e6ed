import { firmOwners, levelTrust, setThreshold } from '#shared/device/index.ts';
import { err, type Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import { readRecovery } from '../device/read-recovery.ts';
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
    const owners = firmOwners(fleet.trust()).length;
    if (Number(wanted) > 1 && Number(wanted) === owners)
      context.out.line(
        `The fleet has ${owners} owners' devices and all must agree from then on: with one of them lost nobody is let in, and the number is lowered by the recovery words alone (\`overseer people threshold 1 --recovery\`). Approve one more first if you can.`,
        'warn',
      );
    const asksWords = input.flag('recovery') || input.text('recoveryFile') !== undefined;
    const words = asksWords ? await readRecovery(context, input) : undefined;
    if (words && !words.ok) return words;
    const set = await setThreshold(context, fleet, Number(wanted), words?.value.keys.signer);
    if (!set.ok) return set;
    const { ownerThreshold } = fleet.trust();
    const waits = ownerThreshold !== Number(wanted);
    return done({ wanted: Number(wanted), threshold: ownerThreshold, before, waits, owners }, (out) => {
      if (waits)
        out.line(
          `It waits: ${Math.max(before, Number(wanted))} owners' devices must say so. On the next one: \`overseer people confirm\`.`,
          'warn',
        );
      else out.line(`${ownerThreshold} of the owners' devices must let a further owner in.`, 'good');
    });
  });
}
