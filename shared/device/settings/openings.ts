import { type FleetView, type OpeningBody, openingBodySchema } from '#shared/domain/apps/index.ts';
import { decideOpeningPath, OPENING_NAME, type Opening, usesOpening } from '#shared/domain/policies/index.ts';
import { err, type Fault, fault, ok, type Result, randomId } from '#shared/kernel/index.ts';
import type { Replica } from '#shared/replica/index.ts';
import type { NodeIdentity } from '#shared/trust/index.ts';
import { listAppViews, readFleetView } from '../apps/find-app.ts';
import { writeItem } from '../apps/write-item.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import type { Settings } from './plan-settings.ts';

/** An opening as it shall be, and how desired state follows once a person has confirmed it. */
export interface PreparedOpening {
  readonly settings: Settings<OpeningBody>;
  /** Why it must not be signed as it is. */
  readonly blocked: readonly Fault[];
  follow(): Promise<Result<void>>;
}

/**
 * Opens a folder or device of a node to apps under a name; the same name again changes what it stands for. Whether an app
 * runs by it, only the node knows: it refuses the change then, and takes it where an earlier one never came into force.
 */
export function prepareOpening(
  context: Pick<DeviceContext, 'random'>,
  replica: Replica,
  about: { node: NodeIdentity; wish: Opening },
): Result<PreparedOpening> {
  const { node, wish } = about;
  if (!OPENING_NAME.test(wish.name)) return err(badName(wish.name));
  const fine = decideOpeningPath(wish.what, wish.path);
  if (!fine.ok) return fine;
  const index = readFleetView(replica);
  if (!index.ok) return index;
  const present = findOpening(index.value, node.nodeId, wish);
  const appId = present?.appId ?? randomId(context.random);
  return ok({
    settings: settingsOf(appId, node, wish, 'running'),
    blocked: [],
    follow: () => write(replica, present?.id ?? null, { appId, node: node.nodeId, ...wish, closed: false }),
  });
}

/** Closes an opening. While apps that run name it, it is blocked and names them. Error: `opening.unknown`. */
export function prepareClosing(
  replica: Replica,
  about: { node: NodeIdentity; wish: Pick<Opening, 'name' | 'what'> },
): Result<PreparedOpening> {
  const { node, wish } = about;
  const index = readFleetView(replica);
  if (!index.ok) return index;
  const present = findOpening(index.value, node.nodeId, wish);
  if (present === undefined) return err(unknownOpening(index.value, node, wish));
  const users = appsThatUse(replica, node.nodeId, wish);
  if (!users.ok) return users;
  return ok({
    settings: settingsOf(present.appId, node, present, 'removed'),
    blocked: users.value.length > 0 ? [inUse(wish, node.name, users.value)] : [],
    follow: () => write(replica, present.id, { closed: true }),
  });
}

/** What is open on a node, as desired state has it. */
export function openingsOf(index: FleetView, node: string | null): FleetView['openings'] {
  return index.openings.filter((one) => one.node === node && !one.closed);
}

/** The fault of an opening that apps need. */
function inUse({ name, what }: Pick<Opening, 'name' | 'what'>, node: string, apps: readonly string[]): Fault {
  return fault(
    'opening.in-use',
    'conflict',
    `the opened ${what} "${name}" of ${node} is used by ${apps.join(', ')}`,
    'Stop or remove those apps, or take it out of their Compose file and `overseer exceptions remove` it; then close it.',
    { field: 'name', detail: { apps: apps.join(', ') } },
  );
}

function appsThatUse(
  replica: Replica,
  node: string,
  opening: Pick<Opening, 'name' | 'what'>,
): Result<readonly string[]> {
  const views = listAppViews(replica);
  if (!views.ok) return views;
  const used = views.value.filter((app) => app.node === node && app.state === 'running');
  return ok(used.filter(({ exceptions }) => usesOpening(exceptions, opening)).map(({ name }) => name));
}

function findOpening(index: FleetView, node: string, { name, what }: Pick<Opening, 'name' | 'what'>) {
  return index.openings.find((one) => one.node === node && one.name === name && one.what === what);
}

function settingsOf(
  appId: string,
  node: NodeIdentity,
  { name, what, path, readOnly }: Opening,
  state: OpeningBody['state'],
): Settings<OpeningBody> {
  const body = openingBodySchema.parse({ v: 1, kind: 'opening', name, state, what, path, readOnly });
  return { verb: 'opening', appId, node, body, ownerCopies: [] };
}

async function write(
  replica: Replica,
  itemId: string | null,
  fields: Readonly<Record<string, string | boolean>>,
): Promise<Result<void>> {
  return replica.edit('fleet', (editor) => writeItem(editor, 'openings', itemId, fields));
}

function badName(name: string) {
  const next = 'Take lower-case letters, digits and hyphens, at most 32.';
  return fault('opening.bad-name', 'permanent', `"${name}" is not a name for an opening`, next, { field: 'name' });
}

function unknownOpening(index: FleetView, node: NodeIdentity, { name, what }: Pick<Opening, 'name' | 'what'>) {
  const open = openingsOf(index, node.nodeId).map((one) => `${one.what} ${one.name}`);
  const next = open.length === 0 ? 'Nothing is open there.' : `Open there: ${open.join(', ')}.`;
  const text = `${node.name} has no opened ${what} "${name}"`;
  return fault('opening.unknown', 'permanent', text, next, { field: 'name' });
}
