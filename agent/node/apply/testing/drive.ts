/**
 * Drives an applier by lines of JSON on standard input or by arguments, for tests against a real engine: each line is one call, each
 * answer one line. State of the doubles lives in this process; the applier's own lives where it always does.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { releaseBodySchema } from '#shared/domain/apps/index.ts';
import { err, type Fault, FaultError, fault, ok, systemClock } from '#shared/kernel/index.ts';
import { writeDurableFile } from '#shared/node/durable-file.ts';
import { createEngine } from '../../engine/engine.ts';
import { loadStackFiles } from '../../gates/stack-objects.ts';
import type { StandingOpening } from '../../openings.ts';
import { createApplier } from '../applier.ts';
import { createContext } from '../context.ts';
import type { OwnershipPort } from '../ownership.ts';
import { passGates } from '../prepare-app.ts';
import type { ApplyRequest, AppRequest, GoodRelease } from '../request.ts';
import { need } from '../steps.ts';

interface DriverRequest {
  do: 'apply' | 'gates' | 'observe' | 'repair' | 'logs' | 'volumes' | 'restoreSecrets';
  appId: string;
  header?: string;
  number?: number;
  body?: unknown;
  objects?: Record<string, string>;
  secrets?: Record<string, string>;
  previousGood?: (Omit<GoodRelease, 'body'> & { body: unknown }) | null;
  digests?: Record<string, string>;
  openings?: StandingOpening[];
  tail?: number;
  /** Tells each line as it comes, until this program is ended. */
  follow?: boolean;
}

const fleet = process.env.DRIVE_FLEET ?? 'f'.repeat(64);
const dataDir = process.env.DRIVE_DATA ?? '/var/lib/overseer/node';
const runDir = process.env.DRIVE_RUN ?? '/run/overseer';
mkdirSync(dataDir, { recursive: true });
/** What is open to apps while a call is made. */
let openings: StandingOpening[] = [];
const options = {
  engine: createEngine({ socketPath: process.env.DRIVE_SOCKET ?? '/var/run/docker.sock' }),
  composeBin: process.env.DRIVE_COMPOSE ?? '/usr/local/lib/docker/cli-plugins/docker-compose',
  dataDir,
  runDir,
  fleet,
  ownership: fileOwnership(`${dataDir}/ownership.json`),
  dns: { get: () => undefined, all: () => [] },
  openings: { list: () => openings, usersOf: () => [] },
  clock: systemClock,
  onConnector: async () => undefined,
};
const applier = createApplier(options);
const context = createContext(options);

say({ type: 'ready', secretsWarning: applier.secretsWarning });
const given = process.argv.slice(2);
for await (const line of given.length > 0 ? given : createInterface({ input: process.stdin })) {
  try {
    await perform(JSON.parse(line) as DriverRequest);
  } catch (cause) {
    say({
      type: 'error',
      fault: cause instanceof FaultError ? cause.fault : null,
      message: String((cause as Error).stack),
    });
  }
}

async function perform(call: DriverRequest): Promise<void> {
  openings = call.openings ?? [];
  if (call.do === 'observe')
    return say({ type: 'observed', value: await applier.observe(call.appId, bodyOf(call.body)) });
  if (call.do === 'volumes') return say({ type: 'volumes', value: await applier.volumes(call.appId) });
  if (call.do === 'logs') return logs(call);
  const request = requestOf(call);
  if (call.do === 'gates') return say({ type: 'gates', ...(await judge(request as AppRequest)) });
  if (call.do === 'repair') return say({ type: 'repaired', value: await applier.repair(request) });
  if (call.do === 'restoreSecrets') {
    await applier.restoreSecrets([request]);
    return say({ type: 'restored' });
  }
  const outcome = await applier.apply(request, (step) => say({ type: 'step', ...step }));
  say({ type: 'outcome', ...outcome });
}

/** The three gates alone: the model as Compose resolved it, or the refusal. Nothing runs. */
async function judge(request: AppRequest): Promise<{ fault: Fault | null; value?: unknown }> {
  try {
    const files = need(await loadStackFiles(request.body, request.object));
    return { fault: null, value: (await passGates(context, request, files)).model };
  } catch (cause) {
    if (cause instanceof FaultError) return { fault: cause.fault };
    throw cause;
  }
}

async function logs({ appId, tail = 100, follow = false }: DriverRequest): Promise<void> {
  const lines: string[] = [];
  for await (const line of applier.logs({ appId, tail, follow, signal: new AbortController().signal })) {
    const text = `${line.service}: ${Buffer.from(line.bytes).toString('utf8')}`;
    if (follow) say({ type: 'line', text });
    else lines.push(text);
  }
  say({ type: 'logs', lines });
}

function requestOf(call: DriverRequest): ApplyRequest {
  const objects = new Map(
    Object.values(call.objects ?? {}).map((text) => [
      createHash('sha256').update(text).digest('hex'),
      Buffer.from(text),
    ]),
  );
  const good = call.previousGood;
  const body = bodyOf(call.body);
  if (!body) throw new Error('a body is needed');
  return {
    appId: call.appId,
    header: call.header ?? createHash('sha256').update(JSON.stringify(call.body)).digest('hex'),
    number: call.number ?? 1,
    body,
    object: async (hash) => objects.get(hash),
    openSecret: async ({ name }) => {
      const value = call.secrets?.[name];
      if (value !== undefined) return ok(new Uint8Array(Buffer.from(value)));
      return err(fault('secret.unknown', 'permanent', `no secret ${name}`, 'give it'));
    },
    previousGood: good ? { ...good, body: bodyOf(good.body) as NonNullable<ReturnType<typeof bodyOf>> } : null,
    ...(call.digests ? { digests: call.digests } : {}),
    signal: new AbortController().signal,
  };
}

function bodyOf(value: unknown) {
  return value === undefined || value === null ? null : releaseBodySchema.parse(value);
}

function fileOwnership(path: string): OwnershipPort {
  const read = (): Record<string, string> => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {});
  const change = (edit: (all: Record<string, string>) => void) => {
    const all = read();
    edit(all);
    writeDurableFile(path, JSON.stringify(all));
  };
  return {
    record: (kind, name, appId) => change((all) => (all[`${kind}|${name}`] = appId)),
    owned: (kind, name) => read()[`${kind}|${name}`],
    forget: (kind, name) => change((all) => delete all[`${kind}|${name}`]),
    list: (appId) =>
      Object.entries(read())
        .filter(([, owner]) => owner === appId)
        .map(([key]) => ({ kind: key.split('|')[0] as 'volume', name: key.split('|')[1] ?? '' })),
  };
}

function say(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
