import { levelWithCore, renewRecovery, resealSecrets } from '#shared/device/index.ts';
import { err, fault, type Result } from '#shared/kernel/index.ts';
import { createRecovery, keyIdOf } from '#shared/trust/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import { readRecovery } from '../device/read-recovery.ts';
import { showRecoveryWords, writeRecoveryFile } from '../device/recovery-words.ts';
import { badOption, type VerbInput } from '../options.ts';

/** Makes new recovery words; the present ones sign that, and are void from then on. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const path = input.text('newFile');
    if (path === undefined && !context.canAsk) return err(noWayToShow());
    const present = await readRecovery(context, input);
    if (!present.ok) return present;
    const level = await levelWithCore(context, fleet);
    if (!level.ok) return level;
    if (level.value.offline) return err(level.value.offline);
    const { keys } = present.value;
    const counts = fleet.trust().recovery;
    if (!counts || keyIdOf(counts.signKey) !== keys.signer.keyId) return err(otherWords());
    const next = await createRecovery(context.random);
    const kept =
      path === undefined
        ? await showRecoveryWords(context, next.words)
        : writeRecoveryFile(path, fleet.config.fleet, next.words);
    if (!kept.ok) return kept;
    const renewed = await renewRecovery(context, fleet, keys, next);
    if (!renewed.ok) return renewed;
    // The present words open every copy, also those that this device has none of.
    const secrets = await resealSecrets(fleet, level.value.replica, keys.identity);
    const sent = secrets.ok ? await fleet.sync() : secrets;
    const sealed = secrets.ok && sent.ok ? secrets.value.sealed.length : null;
    return done({ signKey: next.signKey, recoveryFile: path ?? null, sealed }, (out) => {
      out.line('The new recovery words count; the old ones are void.', 'good');
      if (path !== undefined) out.line(`They are in ${path}: move them off this machine.`, 'warn');
      if (sealed === null) out.line('The secrets are not sealed to them yet: run `overseer secrets reseal`.', 'warn');
    });
  });
}

function noWayToShow() {
  return badOption(
    'cli.missing-option',
    '--new-file',
    'the new words must be shown once and there is no terminal for it',
    'Run it on a terminal, or give --new-file FILE and keep that file safe.',
  );
}

function otherWords() {
  return fault(
    'recovery.other-fleet',
    'denied',
    'these are not the recovery words that count in this fleet now',
    'Take the words that were written down last.',
  );
}
