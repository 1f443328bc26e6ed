import { levelToLook, type Reader, revokedReaders } from '#shared/device/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { TrustState } from '#shared/trust/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import { readExposed } from '../fleet/read-exposed.ts';
import { printExposed, toExposedJson } from '../fleet/show-exposed.ts';
import type { VerbInput } from '../options.ts';

/** Lists what servers and devices that were revoked could read, until it has another value. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const level = await levelToLook(context, fleet);
    if (!level.ok) return level;
    const trust = fleet.trust();
    const readers = input.arg(0) === '' ? ok(revokedReaders(trust)) : findReaders(trust, input.arg(0));
    if (!readers.ok) return readers;
    const exposed = await readExposed(context, fleet, level.value, readers.value);
    if (!exposed.ok) return exposed;
    return done(toExposedJson(trust, exposed.value), (out) => {
      if (exposed.value.length > 0) return printExposed(out, trust, exposed.value);
      if (readers.value.length === 0) out.line('No server and no device was revoked.');
      else out.line('Nothing: every secret has got another value since, or was out of reach.', 'good');
    });
  });
}

/** Nodes and devices of that name or id, whether they count still or not; of a person all devices. */
function findReaders(trust: TrustState, wanted: string): Result<readonly Reader[]> {
  const named = (what: Reader['what'], id: string, name: string): Reader[] =>
    id === wanted || name === wanted ? [{ what, id }] : [];
  const persons = new Set(
    [...trust.persons.values(), ...trust.revokedPersons.values()]
      .filter(({ personId, name }) => personId === wanted || name === wanted)
      .map(({ personId }) => personId),
  );
  const devices = [...trust.devices.values(), ...[...trust.revokedDevices.values()].map(({ device }) => device)];
  const found = [
    ...[...trust.nodes.values(), ...trust.revokedNodes.values()].flatMap((node) =>
      named('node', node.nodeId, node.name),
    ),
    ...devices.flatMap(({ deviceId, name, personId }) =>
      persons.has(personId) ? [{ what: 'device' as const, id: deviceId }] : named('device', deviceId, name),
    ),
  ];
  if (found.length > 0) return ok(found);
  const next = 'Look at `overseer nodes list`, `overseer device list` and `overseer people list`.';
  return err(fault('trust.unknown-id', 'denied', `no server, device or person is called "${wanted}"`, next));
}
