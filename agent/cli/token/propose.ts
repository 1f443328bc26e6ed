import type { AppChanges, AppSummary, OperationId, ProposalVerb } from '#shared/contracts/rest/index.ts';
import type { CoreClient } from '#shared/device/index.ts';
import { err, fault, ID_PATTERN, ok, type Result, utf8ToText } from '#shared/kernel/index.ts';
import { readRoute } from '../apps/app-wish.ts';
import { type CliContext, type Done, done } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { badOption, fileOption, numberOption, pairsOption, type VerbInput } from '../options.ts';
import { readWait } from '../releases/read-wait.ts';
import { withToken } from './token-client.ts';
import { awaitingSignature, waitForProposal } from './wait-for-proposal.ts';

/** How long a command with a token waits for a device, in minutes, where nothing was said. */
const DEFAULT_WAIT_MINUTES = 30;

/** Asks for what a device would order: leaves a proposal and waits for what becomes of it. */
export function proposeByToken(
  context: CliContext,
  input: VerbInput,
  verb: Exclude<ProposalVerb, 'create'>,
): Promise<Result<Done>> {
  return withToken(context, async (client) => {
    const wait = readWait(input, DEFAULT_WAIT_MINUTES);
    if (!wait.ok) return wait;
    const changes = readChanges(input, verb);
    if (!changes.ok) return changes;
    const made = await send(client, input, verb, changes.value);
    if (!made.ok) return made;
    const { id, expiresAt } = made.value;
    context.out.note(`Proposed as ${id}; a device accepts it with \`overseer proposals accept ${id}\`.`);
    if (wait.value.minutes === 0) {
      const error = awaitingSignature(id);
      const print = () => context.out.line(`${id} awaits a signature until ${expiresAt}.`);
      return done({ proposal: made.value, error }, print, EXIT.awaitingSignature);
    }
    return waitForProposal(context, client, id, wait.value.minutes);
  });
}

async function send(
  client: CoreClient,
  input: VerbInput,
  verb: Exclude<ProposalVerb, 'create'>,
  changes: object,
): Promise<Result<{ id: string; expiresAt: string }>> {
  const name = input.arg(0);
  const note = input.text('note') ?? '';
  const found = await findAppId(client, name);
  if (!found.ok) return found;
  if (found.value === undefined && verb !== 'deploy') return err(unknownApp(name));
  const body = (more: object) => ({ proposal: { note, changes: { ...changes, ...more } } });
  if (found.value !== undefined && input.text('node') !== undefined)
    return err(badOption('cli.bad-option', '--node', 'a proposal moves no app', 'Leave it out.'));
  const node = found.value === undefined ? await findNodeId(client, input.text('node')) : ok(undefined);
  if (!node.ok) return node;
  const answer =
    found.value === undefined
      ? await client.call('createApp', { body: body({ name, node: node.value }) })
      : await client.call(`${verb}App` satisfies OperationId, { params: { id: found.value }, body: body({}) });
  if (!answer.ok) return answer;
  if ('proposal' in answer.value) return ok(answer.value.proposal);
  throw new TypeError('the core answered a proposal with something else');
}

/** An id is taken as it is: a token need not be one that reads. */
async function findAppId(client: CoreClient, wanted: string): Promise<Result<string | undefined>> {
  if (ID_PATTERN.test(wanted)) return ok(wanted);
  const listed = await client.call('listApps');
  if (!listed.ok) return listed.error.code === 'token.not-allowed' ? err(needsId()) : listed;
  const found = listed.value.apps.filter((app) => app.name === wanted && app.kind === 'app');
  return found.length > 1 ? err(ambiguous(wanted, found)) : ok(found[0]?.appId);
}

async function findNodeId(client: CoreClient, wanted: string | undefined): Promise<Result<string | undefined>> {
  if (wanted === undefined || ID_PATTERN.test(wanted)) return ok(wanted);
  const listed = await client.call('listNodes');
  if (!listed.ok) return listed;
  const found = listed.value.nodes.find(({ name }) => name === wanted);
  const next = `Name one of: ${listed.value.nodes.map(({ name }) => name).join(', ') || 'nobody yet'}.`;
  return found ? ok(found.nodeId) : err(badOption('cli.bad-option', '--node', `there is no node "${wanted}"`, next));
}

/** What a token can not ask for: secrets would pass the core in plain text, exceptions and data are the owner's. */
const DEVICE_ONLY = [
  ['secretFile', '--secret-file'],
  ['secretUse', '--secret-use'],
  ['allow', '--allow'],
  ['reason', '--reason'],
  ['healthTimeout', '--health-timeout'],
  ['deleteData', '--delete-data'],
] as const;

/** Reads the options of a verb into what a proposal says. */
export function readChanges(input: VerbInput, verb: Exclude<ProposalVerb, 'create'>): Result<object> {
  for (const [name, flag] of DEVICE_ONLY)
    if (input.text(name) !== undefined || input.flag(name) || input.list(name).length > 0)
      return err(
        badOption('cli.bad-option', flag, 'an API token can not ask for this', 'Run it on a device of the owner.'),
      );
  if (verb === 'rollback') {
    const to = numberOption(input, 'to', '--to', 1, Number.MAX_SAFE_INTEGER);
    return to.ok ? ok(to.value === undefined ? {} : { to: to.value }) : to;
  }
  return verb === 'deploy' ? readAppChanges(input) : ok({});
}

function readAppChanges(input: VerbInput): Result<AppChanges> {
  const images = pairsOption(input, 'image', '--image');
  if (!images.ok) return images;
  const env = pairsOption(input, 'env', '--env');
  if (!env.ok) return env;
  const inputs = pairsOption(input, 'input', '--input');
  if (!inputs.ok) return inputs;
  const route = readRoute(input, undefined);
  if (!route.ok) return route;
  const compose = readCompose(input.text('compose'));
  if (!compose.ok) return compose;
  const catalog = input.text('catalog');
  if (catalog === undefined && inputs.value.size > 0)
    return err(badOption('cli.bad-option', '--input', 'only catalogue apps have inputs', 'Name it with --catalog.'));
  const { hostname, service, port, address, dns, tls } = route.value ?? {};
  return ok({
    ...(compose.value === undefined ? {} : { compose: compose.value }),
    ...(catalog === undefined ? {} : { catalog: { id: catalog, inputs: Object.fromEntries(inputs.value) } }),
    ...(images.value.size === 0 ? {} : { images: Object.fromEntries(images.value) }),
    ...(env.value.size === 0 ? {} : { env: Object.fromEntries(env.value) }),
    ...(route.value === undefined ? {} : { route: { hostname, service, port, address, dns, tls } }),
  });
}

function readCompose(path: string | undefined): Result<string | undefined> {
  if (path === undefined) return ok(undefined);
  const file = fileOption(path, '--compose', 262_144);
  if (!file.ok) return file;
  try {
    return ok(utf8ToText(file.value));
  } catch {
    return err(badOption('cli.bad-option', '--compose', `${path} is not UTF-8 text`, 'Save it as UTF-8.'));
  }
}

function unknownApp(name: string) {
  const next = 'Check the name, and that the token reaches that app: `overseer apps list`.';
  return fault('app.unknown', 'permanent', `this token sees no app "${name}"`, next, { field: 'app' });
}

function ambiguous(name: string, found: readonly AppSummary[]) {
  const next = `Give the id: ${found.map(({ appId }) => appId).join(', ')}.`;
  return fault('app.ambiguous', 'conflict', `${found.length} apps are called "${name}"`, next, { field: 'app' });
}

function needsId() {
  const next = 'Give its id, or make the token with --verb read as well.';
  return fault('token.not-allowed', 'denied', 'this token may not look up an app by its name', next, { field: 'app' });
}
