import { err, fault, ok, type Result, randomId } from '#shared/kernel/index.ts';
import type { AwaitingOwners, Grant, Person, Role, Signer, TrustEntry, TrustState } from '#shared/trust/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { levelTrust } from '../nodes/enrolment-tokens.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import { extendLog, oneEntry } from './extend-log.ts';

/** Adds a person, who has no device yet: `device approve --person` lets one in. */
export async function addPerson(
  context: DeviceContext,
  fleet: Fleet,
  wish: { readonly name: string; readonly role: Role },
): Promise<Result<Person>> {
  const read = await levelTrust(fleet);
  if (!read.ok) return read;
  if ([...fleet.trust().persons.values()].some(({ name }) => name === wish.name)) return err(nameTaken(wish.name));
  const person = { personId: randomId(context.random), ...wish };
  return sign(context, fleet, { kind: 'add-person', ...person }, person);
}

/** LOG-22: gives a person, device or node another name. */
export function rename(
  context: DeviceContext,
  fleet: Fleet,
  wish: { readonly what: 'person' | 'device' | 'node'; readonly id: string; readonly name: string },
): Promise<Result<typeof wish>> {
  const named: readonly { name: string }[] = [...others(fleet.trust(), wish.what)];
  if (named.some(({ name }) => name === wish.name)) return Promise.resolve(err(nameTaken(wish.name)));
  return sign(context, fleet, { kind: 'rename', ...wish }, wish);
}

/** LOG-20: gives a grant, or replaces the one of the same id; role null takes it back. */
export function giveGrant(context: DeviceContext, fleet: Fleet, grant: Grant): Promise<Result<Grant>> {
  return sign(context, fleet, { kind: 'grant', ...grant }, grant);
}

/** LOG-24: asks for so many owners' devices from now on. */
export function setThreshold(
  context: DeviceContext,
  fleet: Fleet,
  owners: number,
  signer?: Signer,
): Promise<Result<number>> {
  return sign(context, fleet, { kind: 'threshold', owners }, owners, signer);
}

/** LOG-24: says what another owner said, so that it counts once enough have. */
export function sayAgain(
  context: DeviceContext,
  fleet: Fleet,
  waiting: AwaitingOwners,
): Promise<Result<AwaitingOwners>> {
  return sign(context, fleet, waiting.entry, waiting);
}

async function sign<T>(
  context: DeviceContext,
  fleet: Fleet,
  entry: TrustEntry,
  made: T,
  signer?: Signer,
): Promise<Result<T>> {
  const done = await extendLog(context, fleet, oneEntry(entry), { signer });
  return done.ok ? ok(made) : done;
}

function others(trust: TrustState, what: 'person' | 'device' | 'node'): Iterable<{ name: string }> {
  return { person: trust.persons, device: trust.devices, node: trust.nodes }[what].values();
}

function nameTaken(name: string) {
  return fault(
    'trust.name-taken',
    'conflict',
    `"${name}" is a name of this fleet already`,
    'Choose another name: people tell them apart by it.',
    { field: 'name' },
  );
}
