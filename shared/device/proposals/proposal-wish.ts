import type { AppChanges } from '#shared/contracts/rest/index.ts';
import { type AppView, setComposeImages } from '#shared/domain/apps/index.ts';
import { err, fault, ok, type Random, type Result } from '#shared/kernel/index.ts';
import { type AppWish, NO_WISH, type RouteWish } from '../apps/app-wish.ts';
import { openSecretValues } from '../apps/edit-app.ts';
import { type SourceWish, wishFromCatalog, wishFromCompose, withSecrets } from '../apps/source-wish.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { CatalogPort } from '../ports/catalog.ts';

/** What a proposal asks for, as a wish of this device. Secrets of a catalogue app are drawn here and nowhere else. */
export async function proposalToWish(
  context: { readonly random: Random; readonly catalog: CatalogPort },
  fleet: Fleet,
  present: AppView | undefined,
  changes: AppChanges,
): Promise<Result<AppWish>> {
  const source = await readSource(context, fleet, present, changes);
  if (!source.ok) return source;
  const wish = withSecrets(source.value, new Map());
  const compose = withImages(wish.compose, present, changes.images);
  if (!compose.ok) return compose;
  return ok({
    ...wish,
    compose: compose.value,
    env: new Map([...wish.env, ...Object.entries(changes.env ?? {})]),
    route: toRoute(wish.route, changes.route),
  });
}

async function readSource(
  { random, catalog }: { readonly random: Random; readonly catalog: CatalogPort },
  fleet: Fleet,
  present: AppView | undefined,
  changes: AppChanges,
): Promise<Result<SourceWish>> {
  if (changes.compose !== undefined && changes.catalog !== undefined)
    return err(unclear('it names a Compose file and a catalogue app'));
  if (changes.compose !== undefined) return wishFromCompose(changes.compose);
  if (changes.catalog === undefined)
    return present ? ok({ wish: NO_WISH, composeUses: new Map() }) : err(unclear('nothing says what the app is'));
  const entry = await catalog.read(changes.catalog.id);
  if (!entry.ok) return entry;
  const secretValues = await openSecretValues(fleet, present);
  if (!secretValues.ok) return secretValues;
  const before = present?.source.kind === 'catalog' && present.source.id === changes.catalog.id ? present.source : null;
  const choice = {
    inputs: { ...before?.inputs, ...changes.catalog.inputs },
    hostname: changes.route?.hostname ?? present?.routes[0]?.hostname,
    secretValues: secretValues.value,
  };
  return wishFromCatalog(entry.value, choice, random);
}

function withImages(
  compose: string | undefined,
  present: AppView | undefined,
  images: AppChanges['images'],
): Result<string | undefined> {
  return images === undefined ? ok(compose) : setComposeImages(compose ?? present?.compose ?? '', images);
}

function toRoute(base: RouteWish | undefined, asked: AppChanges['route']): RouteWish | undefined {
  if (asked === undefined) return base;
  return {
    hostname: asked.hostname ?? base?.hostname,
    service: asked.service ?? base?.service,
    port: asked.port ?? base?.port,
    scheme: base?.scheme,
    address: asked.address,
    dns: asked.dns,
    tls: asked.tls,
  };
}

function unclear(why: string) {
  return fault('proposal.unclear', 'permanent', `the proposal can not be planned: ${why}`, 'Decline it with a reason.');
}
