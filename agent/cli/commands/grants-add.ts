import { type Fleet, findApp, findNode, giveGrant, levelWithCore } from '#shared/device/index.ts';
import { err, ok, type Result, randomId } from '#shared/kernel/index.ts';
import type { Replica } from '#shared/replica/index.ts';
import type { Grant } from '#shared/trust/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import { findDevice, findPerson } from '../fleet/find-in-log.ts';
import { badOption, numberOption, type VerbInput } from '../options.ts';

const DAY_MS = 24 * 3_600_000;

/** Gives a person or a device more than the role holds, within limits. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const level = await levelWithCore(context, fleet);
    if (!level.ok) return level;
    if (level.value.offline) return err(level.value.offline);
    const grant = readGrant(context, fleet, level.value.replica, input);
    if (!grant.ok) return grant;
    const given = await giveGrant(context, fleet, grant.value);
    if (!given.ok) return given;
    const { grantId, role } = given.value;
    return done({ grant: given.value }, (out) => {
      out.line(`${input.arg(0)} is ${role} within these limits now.`, 'good');
      out.line(`Take it back with \`overseer grants remove ${grantId}\`.`);
    });
  });
}

function readGrant(context: CliContext, fleet: Fleet, replica: Replica, input: VerbInput): Result<Grant> {
  const trust = fleet.trust();
  const role = input.text('role') ?? 'operator';
  if (role !== 'operator' && role !== 'viewer')
    return err(badOption('cli.bad-option', '--role', `"${role}" is no role of a grant`, 'Give operator or viewer.'));
  const person = findPerson(trust, input.arg(0));
  const device = findDevice(trust, input.arg(0));
  if (!person.ok && !device.ok) return person.error.code === 'person.ambiguous' ? person : device;
  const nodes: string[] = [];
  for (const name of input.list('node')) {
    const node = findNode(trust, name);
    if (!node.ok) return node;
    nodes.push(node.value.nodeId);
  }
  const apps: string[] = [];
  for (const name of input.list('app')) {
    const app = findApp(replica, name);
    if (!app.ok) return app;
    apps.push(app.value.appId);
  }
  const days = numberOption(input, 'expires', '--expires', 1, 3_650);
  if (!days.ok) return days;
  const verbs = [...input.list('verb')];
  const images = [...input.list('image')];
  const fields = input.list('env').map((name) => `env.${name}`);
  const isNarrow = images.length + fields.length > 0;
  const until = days.value && new Date(context.clock.nowMs() + days.value * DAY_MS).toISOString();
  return ok({
    grantId: randomId(context.random),
    to: device.ok ? { deviceId: device.value.deviceId } : { personId: person.ok ? person.value.personId : '' },
    role,
    ...(nodes.length > 0 && { nodes }),
    ...(apps.length > 0 && { apps }),
    ...(verbs.length > 0 && { verbs }),
    ...(isNarrow && { content: { images, fields } }),
    ...(until && { expiresAt: until }),
  });
}
