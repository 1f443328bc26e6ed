import { type Fleet, levelWithCore, readSecretPlaces, setSecret, uploadObjects } from '#shared/device/index.ts';
import { dueSecrets, type SecretUse } from '#shared/domain/apps/index.ts';
import { err, type Fault, ok, type Result } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done } from '../context.ts';
import { faultInFlags } from '../fault-in-flags.ts';
import type { VerbInput } from '../options.ts';
import { parseSecretUse } from './app-wish.ts';
import { dueText } from './due-text.ts';

/** Seals a value as the secret of an app, keeps the edit and says what runs with the old value until it is deployed. */
export async function giveSecret(
  context: CliContext,
  fleet: Fleet,
  input: VerbInput,
  value: Uint8Array,
): Promise<Result<Done>> {
  const uses = readUses(input);
  if (!uses.ok) return uses;
  const level = await levelWithCore(context, fleet);
  if (!level.ok) return level;
  const { replica, offline } = level.value;
  const [app, name] = [input.arg(0), input.arg(1)];
  const given = uses.value.length > 0 ? { uses: uses.value } : {};
  const set = await setSecret(fleet, replica, { app, name, value, ...given });
  if (!set.ok) return err(inFlags(set.error));
  const view = set.value;
  const secret = view.secrets.find((item) => item.name === name);
  // First the copies, then what names them.
  const copies = secret ? [secret.ownerCopy, ...Object.values(secret.nodeCopies)] : [];
  const sent = offline ? undefined : await uploadObjects(fleet, copies);
  if (sent && !sent.ok) return sent;
  const synced = offline ? undefined : await fleet.sync();
  if (synced && !synced.ok) return synced;
  const places = await readSecretPlaces(context, fleet, view, undefined);
  if (!places.ok) return places;
  const of = places.value.filter((place) => place.name === name);
  const json = {
    appId: view.appId,
    app: view.name,
    name,
    version: secret?.version ?? 1,
    offline: !!offline,
    places: of,
  };
  return done(json, (out) => {
    out.line(`${name} of ${view.name} is set (version ${json.version}).`, 'good');
    if (offline) out.note('The core is away: the edit is kept here and goes out with the next command.', 'warn');
    for (const place of dueSecrets(of)) out.line(dueText(fleet, place), 'warn');
    out.line(`Services get it with: overseer apps deploy ${view.name}`);
  });
}

function readUses(input: VerbInput): Result<SecretUse[]> {
  const uses: SecretUse[] = [];
  for (const text of input.list('use')) {
    const use = parseSecretUse(text, '--use');
    if (!use.ok) return use;
    uses.push(use.value);
  }
  return ok(uses);
}

function inFlags(fault: Fault): Fault {
  if (fault.code !== 'secret.unknown') return faultInFlags(fault);
  return { ...fault, next: `${fault.next} For a new one say where it goes: --use SERVICE:VARIABLE.` };
}
