import { type FoundFleet, findFleet, type Resealed, recoverFleet, resealSecrets } from '#shared/device/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import { createDeviceStore } from '#shared/node/device-store/device-store.ts';
import { openReplicaDatabase } from '#shared/node/device-store/replica-db.ts';
import { type CoreAddress, roleOf } from '#shared/trust/index.ts';
import { type CliContext, type Done, done } from '../context.ts';
import { confirmName } from '../device/confirm-name.ts';
import type { CliKeys } from '../device/device-keys.ts';
import { meetCore, readCoreToMeet } from '../device/meet-core.ts';
import { openOrCreateDevice } from '../device/own-device.ts';
import { readRecovery, type TypedRecovery } from '../device/read-recovery.ts';
import { fleetContext, openHome } from '../fleet/open-home.ts';
import { badOption, type VerbInput } from '../options.ts';
import { roleText } from '../output/role-text.ts';

/** Claims a fleet back with the recovery words, after its devices are lost. Cut short, the same command goes on. */
export async function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  const toMeet = readCoreToMeet(context, input);
  if (!toMeet.ok) return toMeet;
  const typed = await readRecovery(context, input);
  if (!typed.ok) return typed;
  const recovery = typed.value;
  return meetCore(context, toMeet.value, async ({ http, fleet: ofCore, spki, addresses }) => {
    const fleet = chooseFleet(recovery, ofCore);
    if (!fleet.ok) return fleet;
    const home = fleetContext(context);
    const found = await findFleet(home, { http, fleet: fleet.value, coreSpki: spki, recovery: recovery.keys });
    if (!found.ok) return found;
    return await claimBack(context, input, { found: found.value, spki, addresses, recovery });
  });
}

interface Meeting {
  readonly found: FoundFleet;
  readonly spki: string;
  readonly addresses: readonly CoreAddress[];
  readonly recovery: TypedRecovery;
}

async function claimBack(context: CliContext, input: VerbInput, about: Meeting): Promise<Result<Done>> {
  const { found, spki, addresses, recovery } = about;
  const personId = choosePerson(found, input.text('person'));
  if (!personId.ok) return personId;
  const lost = chooseLost(found, input.list('keep'));
  if (!lost.ok) return lost;
  // Before anything is shown: this home may be in a fleet already.
  const keys = await openOrCreateDevice(context, input, 'unfinished');
  if (!keys.ok) return keys;
  const name = found.trust.genesis?.fleetName ?? 'home';
  context.out.line(`fleet   ${name} (${found.trust.fleet})`);
  for (const device of lost.value) context.out.line(`ends    ${device.name} (${device.deviceId})`);
  const consent = await confirmName(context, input, name);
  if (!consent.ok) return consent;
  const recovered = await recoverFleet(fleetContext(context), {
    found,
    core: { spki, addresses },
    recovery: recovery.keys,
    device: keys.value,
    store: storeOf(context, keys.value),
    personId: personId.value,
    lost: lost.value.map(({ deviceId }) => deviceId).filter((deviceId) => deviceId !== keys.value.deviceId),
  });
  if (!recovered.ok) return recovered;
  const trust = recovered.value;
  const secrets = await sealToThisDevice(context, keys.value, recovery);
  const own = trust.devices.get(keys.value.deviceId);
  const role = roleOf(trust, keys.value.deviceId);
  const revoked = lost.value.map(({ deviceId }) => deviceId);
  const json = {
    fleet: trust.fleet,
    fleetName: name,
    deviceId: keys.value.deviceId,
    device: own?.name,
    role,
    revoked,
    secrets,
  };
  return done(json, (out) => {
    out.line(`This device "${own?.name ?? keys.value.name}" is in the fleet "${name}".`, 'good');
    out.line(`It is ${roleText(role)}.`);
    if (revoked.length > 0) out.line('What the revoked devices wrote and deployed stands.');
    if (secrets === null)
      out.line('Its secrets are sealed to this device by `overseer secrets reseal --recovery`.', 'warn');
    else if (secrets.sealed.length > 0) out.line(`${secrets.sealed.length} secrets are sealed to this device.`);
    out.line(`keys    ${context.home.path}`);
  });
}

/** The words open the copies of secrets, and this device gets its own; null where that did not come to its end. */
async function sealToThisDevice(context: CliContext, keys: CliKeys, recovery: TypedRecovery): Promise<Resealed | null> {
  const fleet = await openHome(context, keys);
  if (!fleet.ok) return null;
  try {
    const synced = await fleet.value.sync();
    const replica = await fleet.value.replica();
    if (!synced.ok || !replica.ok) return null;
    const resealed = await resealSecrets(fleet.value, replica.value, recovery.keys.identity);
    return resealed.ok && (await fleet.value.sync()).ok ? resealed.value : null;
  } finally {
    await fleet.value.close();
  }
}

function storeOf(context: CliContext, keys: CliKeys) {
  return createDeviceStore(openReplicaDatabase(context.home.replicaFile, keys.replicaKey));
}

/** The fleet that the file of the words names; else that of the core, whose log must then name the words' own key. */
function chooseFleet({ fleet }: TypedRecovery, ofCore: string | null): Result<string> {
  if (ofCore === null) return err(notClaimed());
  return fleet === undefined || fleet === ofCore ? ok(ofCore) : err(otherFleet());
}

function choosePerson({ owners }: FoundFleet, wanted: string | undefined): Result<string> {
  const found = owners.filter(({ personId, name }) => wanted === undefined || personId === wanted || name === wanted);
  const [one] = found;
  if (one && found.length === 1) return ok(one.personId);
  const names = owners.map(({ name, personId }) => `${name} (${personId})`).join(', ');
  return err(badOption('cli.bad-option', '--person', 'it is not said whose device this is', `Name one of: ${names}.`));
}

function chooseLost({ devices }: FoundFleet, kept: readonly string[]): Result<FoundFleet['devices']> {
  const isKept = (device: FoundFleet['devices'][number]) =>
    kept.includes(device.name) || kept.includes(device.deviceId);
  const unknown = kept.find((name) => !devices.some((one) => one.name === name || one.deviceId === name));
  if (unknown === undefined) return ok(devices.filter((device) => !isKept(device)));
  const names = devices.map(({ name }) => name).join(', ');
  return err(badOption('cli.bad-option', '--keep', `there is no device "${unknown}"`, `Name one of: ${names}.`));
}

function notClaimed() {
  return fault(
    'core.not-claimed',
    'conflict',
    'this core has no fleet yet',
    'The words belong to a fleet: give the address of its core, or claim this one with its setup code.',
  );
}

function otherFleet() {
  return fault(
    'recovery.other-fleet',
    'denied',
    'the file with the recovery words names another fleet than this core',
    'Check the address of the core. If it is right, something answers in its place: do not trust it.',
  );
}
