import {
  type Fleet,
  findApp,
  type Level,
  levelWithCore,
  planRotation,
  type Rotation,
  readDueSecrets,
  revokedReaders,
  rotatable,
  rotateSecrets,
} from '#shared/device/index.ts';
import { generateSecret } from '#shared/domain/apps/catalog/index.ts';
import type { AppView } from '#shared/domain/apps/index.ts';
import { err, ok, type Result, utf8 } from '#shared/kernel/index.ts';
import { MAX_SECRET_BYTES } from '#shared/trust/index.ts';
import { dueText } from '../apps/due-text.ts';
import { type Letters, readLetters } from '../apps/read-letters.ts';
import { undoRotations } from '../apps/undo-rotations.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import { confirmYes } from '../device/confirm-yes.ts';
import { readExposed } from '../fleet/read-exposed.ts';
import { badOption, fileOption, type VerbInput } from '../options.ts';

/** Gives secrets another value, after naming each; what runs keeps the old one until its app is deployed. */
export async function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  const asked = checkOptions(input);
  if (!asked.ok) return asked;
  const letters = readLetters(input);
  if (!letters.ok) return letters;
  return withFleet(context, async (fleet) => {
    const level = await levelWithCore(context, fleet);
    if (!level.ok) return level;
    if (input.flag('undo')) return undoRotations(context, fleet, level.value, input);
    const wanted = await readWanted(context, fleet, level.value, input);
    if (!wanted.ok) return wanted;
    const { rotations, elsewhere } = wanted.value;
    if (rotations.length === 0 || input.flag('dryRun'))
      return done({ rotated: [], wouldRotate: rotations, elsewhere, due: [] }, (out) => {
        if (rotations.length === 0) out.line('No secret waits for another value.', 'good');
        else show(out, rotations);
        tellElsewhere(out, elsewhere);
        if (rotations.length > 0) out.line('Nothing was changed.');
      });
    show(context.out, rotations);
    const confirmed = await confirmYes(context, input, {
      question: rotations.length === 1 ? 'Give it another value?' : `Give these ${rotations.length} another value?`,
      what: 'another value',
      look: '--dry-run',
      kept: 'Nothing was changed.',
    });
    if (!confirmed.ok) return confirmed;
    return rotate(context, fleet, level.value, {
      rotations,
      elsewhere,
      newValue: readValue(context, input, letters.value),
    });
  });
}

function show(out: CliContext['out'], rotations: readonly Rotation[]): void {
  for (const { app, name, version } of rotations)
    out.line(`rotate  ${name} of ${app}: version ${version} → another value`);
  out.line(
    'What runs keeps the present value until you deploy. Who keeps a copy of his own (a database its password) must be told too.',
    'warn',
  );
}

function tellElsewhere(out: CliContext['out'], elsewhere: readonly string[]): void {
  for (const next of elsewhere) out.line(`Not made here: ${next}`, 'warn');
}

async function rotate(
  context: CliContext,
  fleet: Fleet,
  { replica, offline }: Level,
  about: {
    readonly rotations: readonly Rotation[];
    readonly elsewhere: readonly string[];
    readonly newValue: (rotation: Rotation) => Result<Uint8Array>;
  },
): Promise<Result<Done>> {
  const { rotations, elsewhere, newValue } = about;
  const isOffline = offline !== undefined;
  const rotated = await rotateSecrets(fleet, replica, rotations, { newValue, offline: isOffline });
  if (!rotated.ok) return rotated;
  const views: AppView[] = [];
  for (const appId of new Set(rotations.map((one) => one.appId))) {
    const view = findApp(replica, appId);
    if (!view.ok) return view;
    views.push(view.value);
  }
  const due = await readDueSecrets(context, fleet, views, new Map());
  if (!due.ok) return due;
  const json = { rotated: rotations, wouldRotate: [], elsewhere, offline: isOffline, due: due.value };
  return done(json, (out) => {
    for (const { app, name } of rotations) out.line(`${name} of ${app} has another value.`, 'good');
    if (isOffline) out.note('The core is away: the edit is kept here and goes out with the next command.', 'warn');
    for (const place of due.value) out.line(`${place.app}: ${dueText(fleet, place)}`, 'warn');
    for (const { name } of views) out.line(`  overseer apps deploy ${name}`);
    for (const { name } of views) {
      const back = due.value.filter((one) => one.app === name && one.runs !== null).map((one) => one.name);
      if (back.length > 0)
        out.line(`Until then it can be taken back: overseer secrets rotate ${name} ${back.join(' ')} --undo`, 'dim');
    }
    tellElsewhere(out, elsewhere);
  });
}

function checkOptions(input: VerbInput): Result<void> {
  const [app, ...names] = input.args;
  const exposed = input.flag('exposed');
  if (exposed && input.flag('undo'))
    return err(badOption('cli.bad-option', '--undo', 'it names its secrets', 'Give the app and the names.'));
  if (!exposed && (app === undefined || names.length === 0))
    return err(
      badOption(
        'cli.missing-option',
        '--exposed',
        'nothing says which secrets',
        'Give APP NAME…, or --exposed for all that somebody could read.',
      ),
    );
  if (exposed && names.length > 0)
    return err(badOption('cli.bad-option', '--exposed', 'it finds the secrets itself', 'Leave the names out.'));
  if (input.text('file') !== undefined && (exposed || names.length !== 1))
    return err(badOption('cli.bad-option', '--file', 'a file holds the value of one secret', 'Name one secret.'));
  return ok();
}

async function readWanted(
  context: CliContext,
  fleet: Fleet,
  level: Level,
  input: VerbInput,
): Promise<Result<{ rotations: readonly Rotation[]; elsewhere: readonly string[] }>> {
  const [app = '', ...names] = input.args;
  if (!input.flag('exposed')) {
    const found = planRotation(level.replica, { app, names });
    return found.ok ? ok({ rotations: found.value, elsewhere: [] }) : found;
  }
  const view = app === '' ? undefined : findApp(level.replica, app);
  if (view && !view.ok) return view;
  const all = await readExposed(context, fleet, level, revokedReaders(fleet.trust()));
  if (!all.ok) return all;
  const exposed = all.value.filter((one) => view === undefined || one.appId === view.value.appId);
  const rotations = rotatable(exposed);
  const made = new Set(rotations.map(({ appId, name }) => `${appId}/${name}`));
  const elsewhere = exposed
    .filter((one) => !made.has(`${one.appId}/${one.name}`))
    .map((one) => `${one.name} of ${one.app}: ${one.next}`);
  return ok({ rotations, elsewhere: [...new Set(elsewhere)] });
}

function readValue(context: CliContext, input: VerbInput, { length, letters }: Letters): () => Result<Uint8Array> {
  const path = input.text('file');
  if (path === undefined) return () => ok(utf8(generateSecret(context.random, length, letters)));
  return () => {
    const value = fileOption(path, '--file', MAX_SECRET_BYTES);
    if (!value.ok || value.value.length > 0) return value;
    return err(badOption('cli.missing-option', '--file', 'no value was given', 'Give a file that holds one.'));
  };
}
