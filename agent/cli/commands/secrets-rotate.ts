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
import { err, fault, ok, type Result, utf8 } from '#shared/kernel/index.ts';
import { MAX_SECRET_BYTES } from '#shared/trust/index.ts';
import { dueText } from '../apps/due-text.ts';
import { type Letters, readLetters } from '../apps/read-letters.ts';
import { undoRotations } from '../apps/undo-rotations.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import { askLine } from '../device/ask.ts';
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
    const isDry = input.flag('dryRun');
    const json = { rotated: isDry ? [] : rotations, wouldRotate: isDry ? rotations : [], elsewhere };
    const others = (out: CliContext['out']): void => {
      for (const next of elsewhere) out.line(`Not made here: ${next}`, 'warn');
    };
    if (rotations.length === 0)
      return done({ ...json, due: [] }, (out) => {
        out.line('No secret waits for another value.', 'good');
        others(out);
      });
    if (!isDry) show(context.out, rotations);
    if (isDry)
      return done({ ...json, due: [] }, (out) => {
        show(out, rotations);
        others(out);
        out.line('Nothing was changed.');
      });
    const confirmed = await confirm(context, input, rotations.length);
    if (!confirmed.ok) return confirmed;
    return rotate(context, fleet, level.value, {
      rotations,
      value: readValue(context, input, letters.value),
      json,
      others,
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

async function rotate(
  context: CliContext,
  fleet: Fleet,
  { replica, offline }: Level,
  about: {
    readonly rotations: readonly Rotation[];
    readonly value: () => Result<Uint8Array>;
    readonly json: object;
    readonly others: (out: CliContext['out']) => void;
  },
): Promise<Result<Done>> {
  const { rotations } = about;
  // A file is read once, for one secret; at random each gets its own.
  const values = new Map<Rotation, Uint8Array>();
  for (const rotation of rotations) {
    const value = about.value();
    if (!value.ok) return value;
    values.set(rotation, value.value);
  }
  const newValue = (rotation: Rotation): Uint8Array => values.get(rotation) ?? new Uint8Array();
  const rotated = await rotateSecrets(fleet, replica, rotations, { newValue, offline: offline !== undefined });
  if (!rotated.ok) return rotated;
  const views: AppView[] = [];
  for (const appId of new Set(rotations.map((one) => one.appId))) {
    const view = findApp(replica, appId);
    if (!view.ok) return view;
    views.push(view.value);
  }
  const due = await readDueSecrets(context, fleet, views, new Map());
  if (!due.ok) return due;
  return done({ ...about.json, offline: offline !== undefined, due: due.value }, (out) => {
    for (const { app, name } of rotations) out.line(`${name} of ${app} has another value.`, 'good');
    if (offline) out.note('The core is away: the edit is kept here and goes out with the next command.', 'warn');
    for (const place of due.value) out.line(`${place.app}: ${dueText(fleet, place)}`, 'warn');
    for (const { name } of views) out.line(`  overseer apps deploy ${name}`);
    for (const { name } of views) {
      const back = due.value.filter((one) => one.app === name && one.runs !== null).map((one) => one.name);
      if (back.length > 0)
        out.line(`Until then it can be taken back: overseer secrets rotate ${name} ${back.join(' ')} --undo`, 'dim');
    }
    about.others(out);
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

async function confirm(context: CliContext, input: VerbInput, count: number): Promise<Result<void>> {
  if (input.flag('yes')) return ok();
  if (!context.canAsk)
    return err(
      fault(
        'cli.missing-confirmation',
        'permanent',
        'another value must be confirmed and there is no terminal to ask on',
        'Look at it with --dry-run, then add --yes.',
        { field: '--yes' },
      ),
    );
  const question = count === 1 ? 'Give it another value?' : `Give these ${count} another value?`;
  const answer = await askLine(context.terminal, `${question} [y/N] `);
  if (answer !== undefined && /^y(es)?$/i.test(answer.trim())) return ok();
  return err(fault('cli.declined', 'denied', 'it was not confirmed', 'Nothing was changed.'));
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
