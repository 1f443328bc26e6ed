import { levelTrust, sayAgain } from '#shared/device/index.ts';
import { err, fault, type Result } from '#shared/kernel/index.ts';
import type { AwaitingOwners, TrustState } from '#shared/trust/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import { confirmName } from '../device/confirm-name.ts';
import type { VerbInput } from '../options.ts';

/** Agrees with what another owner's device has signed and what waits for a second one. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const level = await levelTrust(fleet);
    if (!level.ok) return level;
    const wanted = input.arg(0);
    const all = fleet.trust().awaiting;
    const found = all.filter((one) => wanted === '' || one.hash.startsWith(wanted) || nameOf(one) === wanted);
    const [one] = found;
    if (one === undefined || found.length > 1) return err(choose(all));
    context.out.line(textOf(fleet.trust(), one));
    const consent = await confirmName(context, input, nameOf(one));
    if (!consent.ok) return consent;
    const said = await sayAgain(context, fleet, one);
    if (!said.ok) return said;
    const waits = fleet.trust().awaiting.some(({ hash }) => hash === one.hash);
    return done({ what: one.what, name: nameOf(one), hash: one.hash, waits }, (out) => {
      out.line(waits ? 'It still waits for a further owner.' : 'It counts now.', waits ? 'warn' : 'good');
    });
  });
}

/** What a person calls it. */
function nameOf({ entry }: AwaitingOwners): string {
  if (entry.kind === 'add-device') return entry.device.name;
  if (entry.kind === 'add-person') return entry.name;
  return entry.kind === 'threshold' ? String(entry.owners) : entry.kind;
}

/** What would count, and whose it is. */
function textOf(trust: TrustState, waiting: AwaitingOwners): string {
  const { entry, have, need } = waiting;
  const so = `${have} of ${need} owners' devices say so`;
  if (entry.kind === 'add-device') {
    const person = trust.persons.get(entry.personId)?.name ?? entry.personId;
    return `device ${entry.device.name} (${entry.device.kind}, ${entry.device.deviceId}) of ${person}: ${so}`;
  }
  if (entry.kind === 'add-person') return `person ${entry.name} as ${entry.role}: ${so}`;
  return `threshold ${nameOf(waiting)}: ${so}`;
}

function choose(all: readonly AwaitingOwners[]) {
  const names = all.map((one) => `${nameOf(one)} (${one.hash.slice(0, 12)})`).join(', ');
  return fault(
    'trust.unknown-id',
    'denied',
    all.length === 0 ? 'nothing waits for a further owner' : 'it is not said which one',
    all.length === 0 ? '`overseer people list` shows the fleet.' : `Name one of: ${names}.`,
  );
}
