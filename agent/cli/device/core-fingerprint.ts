import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { CliContext } from '../context.ts';
import { badOption, type VerbInput } from '../options.ts';
import { askLine } from './ask.ts';

/** `--fingerprint`: the core's key in hex, as people copy it: capitals, colons and spaces do not matter. */
export function readFingerprint(input: VerbInput): Result<string | undefined> {
  const typed = input.text('fingerprint');
  if (typed === undefined) return ok(undefined);
  const hex = parseFingerprint(typed);
  if (hex !== undefined) return ok(hex);
  return err(
    badOption(
      'cli.bad-option',
      '--fingerprint',
      'it is not 64 hex digits',
      'Copy the core key from `overseer device show` on a device of the fleet.',
    ),
  );
}

/** The 64 hex digits of a core's key; undefined for anything else. */
export function parseFingerprint(typed: string): string | undefined {
  const hex = typed
    .toLowerCase()
    .replace(/^sha256:/, '')
    .replaceAll(/[\s:]/g, '');
  return /^[0-9a-f]{64}$/.test(hex) ? hex : undefined;
}

/** Shows the key that the core holds and asks whether a device of the fleet names the same one. */
export async function confirmFingerprint(context: CliContext, spki: string): Promise<Result<void>> {
  const { out } = context;
  out.line('This is the key of the core. A device of the fleet names it in `overseer device show` (core key):');
  out.line();
  out.line(`  ${(spki.match(/.{4}/g) ?? []).join(' ')}`);
  out.line();
  const answer = await askLine(context.terminal, 'Is it the same? [y/N] ');
  if (/^y(es)?$/i.test(answer?.trim() ?? '')) return ok();
  return err(
    fault(
      'core.wrong-key',
      'denied',
      'the key of this core was not confirmed',
      'If it differs, something stands between this computer and the core: check the address and the network.',
    ),
  );
}

/** The fault of a first contact that nobody can check. */
export function noFingerprint() {
  return badOption(
    'cli.missing-option',
    '--fingerprint',
    "the core's key must be compared and there is no terminal for it",
    'Give --fingerprint with the core key that `overseer device show` names on a device of the fleet.',
  );
}
