import { type Fleet, findApp, findNode, giveGrant, levelWithCore } from '#shared/device/index.ts';
import { err, ok, type Result, randomId } from '#shared/kernel/index.ts';
import type { Replica } from '#shared/replica/index.ts';
import { CLEAR_LOGS, type Grant } from '#shared/trust/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import { findDevice, findPerson } from '../fleet/find-in-log.ts';
import { findToken } from '../fleet/find-token.ts';
import { badOption, numberOption, type VerbInput } from '../options.ts';

const DAY_MS = 24 * 3_600_000;

/** Gives a person or a device more than the role holds, or a token the logs of apps, within limits. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const level = await levelWithCore(context, fleet);
    if (!level.ok) return level;
    if (level.value.offline) return err(level.value.offline);
    const grant = input.flag('clearLogs')
      ? await readLogGrant(context, fleet, level.value.replica, input)
      : readGrant(context, fleet, level.value.replica, input);
    if (!grant.ok) return grant;
    const given = await giveGrant(context, fleet, grant.value);
    if (!given.ok) return given;
    const { grantId, role } = given.value;
    return done({ grant: given.value }, (out) => {
      if (input.flag('clearLogs')) {
        out.line(`The token ${input.arg(0)} reads these logs now: GET /api/v1/apps/{id}/logs.`, 'good');
        out.note('Whoever controls the core can read them as well. Ending the token does not end this grant.', 'warn');
      } else out.line(`${input.arg(0)} is ${role} within these limits now.`, 'good');
      out.line(`Take it back with \`overseer grants remove ${grantId}\`.`);
    });
  });
}

/** LOG-26: an API token, the apps whose logs it gets, and nothing else. */
async function readLogGrant(
  context: CliContext,
  fleet: Fleet,
  replica: Replica,
  input: VerbInput,
): Promise<Result<Grant>> {
  const other = input.given().find((name) => !LOG_OPTIONS.includes(name));
  if (other !== undefined)
    return err(badOption('cli.bad-option', `--${other}`, 'it does not go with --clear-logs', 'Leave it out.'));
  const token = await findToken(fleet, input.arg(0));
  if (!token.ok) return token;
  const apps = findAll(input.list('app'), (name) => findApp(replica, name));
  if (!apps.ok) return apps;
  if (apps.value.length === 0)
    return err(badOption('cli.missing-option', '--app', 'is needed with --clear-logs', 'Name each app.'));
  const nodes = findAll(input.list('node'), (name) => findNode(fleet.trust(), name));
  if (!nodes.ok) return nodes;
  const until = readEnd(context, input);
  if (!until.ok) return until;
  return ok({
    grantId: randomId(context.random),
    to: { tokenId: token.value.tokenId },
    role: 'viewer',
    verbs: [CLEAR_LOGS],
    apps: apps.value.map(({ appId }) => appId),
    ...(nodes.value.length > 0 && { nodes: nodes.value.map(({ nodeId }) => nodeId) }),
    ...(until.value && { expiresAt: until.value }),
  });
}

const LOG_OPTIONS: readonly string[] = ['clearLogs', 'app', 'node', 'expires', 'json'];

function findAll<T>(names: readonly string[], find: (name: string) => Result<T>): Result<T[]> {
  const found: T[] = [];
  for (const name of names) {
    const one = find(name);
    if (!one.ok) return one;
    found.push(one.value);
  }
  return ok(found);
}

function readEnd(context: CliContext, input: VerbInput): Result<string | undefined> {
  const days = numberOption(input, 'expires', '--expires', 1, 3_650);
  if (!days.ok) return days;
  if (days.value === undefined) return ok(undefined);
  return ok(new Date(context.clock.nowMs() + days.value * DAY_MS).toISOString());
}

function readGrant(context: CliContext, fleet: Fleet, replica: Replica, input: VerbInput): Result<Grant> {
  const trust = fleet.trust();
  const role = input.text('role') ?? 'operator';
  if (role !== 'operator' && role !== 'viewer')
    return err(badOption('cli.bad-option', '--role', `"${role}" is no role of a grant`, 'Give operator or viewer.'));
  const person = findPerson(trust, input.arg(0));
  const device = findDevice(trust, input.arg(0));
  if (!person.ok && !device.ok) return person.error.code === 'person.ambiguous' ? person : device;
  const nodes = findAll(input.list('node'), (name) => findNode(trust, name));
  if (!nodes.ok) return nodes;
  const apps = findAll(input.list('app'), (name) => findApp(replica, name));
  if (!apps.ok) return apps;
  const until = readEnd(context, input);
  if (!until.ok) return until;
  const verbs = [...input.list('verb')];
  const images = [...input.list('image')];
  const fields = input.list('env').map((name) => `env.${name}`);
  const isNarrow = images.length + fields.length > 0;
  return ok({
    grantId: randomId(context.random),
    to: device.ok ? { deviceId: device.value.deviceId } : { personId: person.ok ? person.value.personId : '' },
    role,
    ...(nodes.value.length > 0 && { nodes: nodes.value.map(({ nodeId }) => nodeId) }),
    ...(apps.value.length > 0 && { apps: apps.value.map(({ appId }) => appId) }),
    ...(verbs.length > 0 && { verbs }),
    ...(isNarrow && { content: { images, fields } }),
    ...(until.value && { expiresAt: until.value }),
  });
}
