import { type AppView, dueSecrets } from '#shared/domain/apps/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { Replica } from '#shared/replica/index.ts';
import { setSecret } from '../apps/app-secrets.ts';
import { appDocument, findApp } from '../apps/find-app.ts';
import { toJson, writeItem } from '../apps/write-item.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { uploadObjects } from '../fleet/objects.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import type { ExposedSecret } from './exposed-secrets.ts';
import { readSecretPlaces } from './secret-places.ts';

/** One secret that gets another value: of an app by name or id. */
export interface Rotation {
  readonly app: string;
  readonly appId: string;
  readonly name: string;
  /** The version that it has now. */
  readonly version: number;
}

/** The secrets of these names. */
export function planRotation(
  replica: Replica,
  wanted: { readonly app: string; readonly names: readonly string[] },
): Result<readonly Rotation[]> {
  const view = findApp(replica, wanted.app);
  if (!view.ok) return view;
  const { appId, name: app, secrets } = view.value;
  const found: Rotation[] = [];
  for (const name of new Set(wanted.names)) {
    const secret = secrets.find((item) => item.name === name);
    if (!secret) return err(unknownSecret(view.value, name));
    found.push({ app, appId, name, version: secret.version });
  }
  return ok(found);
}

/**
 * What of the exposed secrets another value can be made for here. A connector's token comes from its vendor, a removed
 * app gets no release any more, one whose server was revoked has nowhere to seal to, and what only waits for its deploy
 * has its new value already.
 */
export function rotatable(exposed: readonly ExposedSecret[]): readonly Rotation[] {
  const found = new Map<string, Rotation>();
  for (const { app, appId, kind, isRemoved, isStranded, waits, name, version } of exposed)
    if (kind === 'app' && !isRemoved && !isStranded && !waits)
      found.set(`${appId}/${name}`, { app, appId, name, version });
  return [...found.values()];
}

/**
 * Gives each a new value, sealed on this device. The copies go to the core before the rows that name them. What was
 * changed before one failed stays changed and goes out too.
 */
export async function rotateSecrets(
  fleet: Fleet,
  replica: Replica,
  rotations: readonly Rotation[],
  about: { readonly newValue: (rotation: Rotation) => Result<Uint8Array>; readonly offline: boolean },
): Promise<Result<void>> {
  const copies: string[] = [];
  let failed: Result<never> | undefined;
  for (const rotation of rotations) {
    const { appId, name } = rotation;
    const value = about.newValue(rotation);
    const set = value.ok ? await setSecret(fleet, replica, { app: appId, name, value: value.value }) : value;
    if (!set.ok) {
      failed = set;
      break;
    }
    const secret = set.value.secrets.find((item) => item.name === name);
    if (secret) copies.push(secret.ownerCopy, ...Object.values(secret.nodeCopies));
  }
  if (!about.offline && copies.length > 0) {
    const sent = await uploadObjects(fleet, copies);
    if (!sent.ok) return sent;
    const synced = await fleet.sync();
    if (!synced.ok) return synced;
  }
  return failed ?? ok();
}

/** Brings back the values that run, as long as no release has the newer ones. */
export async function undoRotation(
  context: DeviceContext,
  fleet: Fleet,
  replica: Replica,
  wanted: { readonly app: string; readonly names: readonly string[] },
): Promise<Result<readonly Rotation[]>> {
  const view = findApp(replica, wanted.app);
  if (!view.ok) return view;
  const { appId, name: app, secrets, node } = view.value;
  const places = await readSecretPlaces(context, fleet, view.value, undefined);
  if (!places.ok) return places;
  const back: { itemId: string; signed: NonNullable<(typeof secrets)[number]['signed']>; rotation: Rotation }[] = [];
  for (const name of new Set(wanted.names)) {
    const secret = secrets.find((item) => item.name === name);
    if (!secret) return err(unknownSecret(view.value, name));
    const place = dueSecrets(places.value).find((one) => one.name === name && one.node === node);
    if (place?.status !== 'old' || place.runs === null || !secret.signed) return err(nothingToUndo(view.value, name));
    back.push({ itemId: secret.id, signed: secret.signed, rotation: { app, appId, name, version: place.runs } });
  }
  const edited = await replica.edit(appDocument(appId), (editor) => {
    for (const { itemId, signed } of back) {
      const { version, ownerCopy, nodeCopies, madeAt = [] } = signed;
      writeItem(editor, 'secrets', itemId, { version, ownerCopy, nodeCopies, madeAt: toJson(madeAt) });
    }
  });
  return edited.ok ? ok(back.map(({ rotation }) => rotation)) : edited;
}

function unknownSecret({ name, secrets }: AppView, wanted: string) {
  const names = secrets.map((secret) => secret.name).join(', ');
  return fault('secret.unknown', 'permanent', `${name} has no secret "${wanted}"`, `It has: ${names || 'none'}.`, {
    field: 'name',
  });
}

function nothingToUndo({ name: app }: AppView, name: string) {
  return fault(
    'secret.nothing-to-undo',
    'conflict',
    `${app}: no older value of ${name} runs that could come back`,
    `What is deployed stays: give it another value, \`overseer secrets rotate ${app} ${name}\`.`,
    { field: 'name' },
  );
}
