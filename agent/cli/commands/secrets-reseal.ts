import { levelWithCore, resealSecrets } from '#shared/device/index.ts';
import { err, type Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import { readRecovery } from '../device/read-recovery.ts';
import type { VerbInput } from '../options.ts';

/** Seals every secret anew to the owners' devices that count now, and to servers that apps were moved to. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const asksWords = input.flag('recovery') || input.text('recoveryFile') !== undefined;
    const recovery = asksWords ? await readRecovery(context, input) : undefined;
    if (recovery && !recovery.ok) return recovery;
    const level = await levelWithCore(context, fleet);
    if (!level.ok) return level;
    if (level.value.offline) return err(level.value.offline);
    const { replica } = level.value;
    const resealed = await resealSecrets(fleet, replica, recovery?.value.keys.identity);
    if (!resealed.ok) return resealed;
    const sent = await fleet.sync();
    if (!sent.ok) return sent;
    const { sealed, closed } = resealed.value;
    return done(resealed.value, (out) => {
      out.line(`${sealed.length} secrets are sealed to every owner's device that counts now.`, 'good');
      for (const { app, name, node } of sealed)
        if (node !== null) out.line(`${app}: ${name} is sealed to ${node} too, which had no copy: deploy ${app} next`);
      for (const { app, name, why } of closed) out.line(`${app}: ${name} stays as it is: ${why}`, 'warn');
    });
  });
}
