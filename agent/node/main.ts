import { hostname } from 'node:os';
import { parseArgs } from 'node:util';
import { createCloudflareConnector } from '#agent/connectors/cloudflare/index.ts';
import { type Fault, FaultError, fault, systemClock, visibleLines, visibleText } from '#shared/kernel/index.ts';
import { type NodeConfig, readNodeConfig } from './config.ts';
import { loadIdentity, loadOrCreateIdentity } from './enrol/identity.ts';
import { joinFleet } from './enrol/join.ts';
import { createEngineVersions } from './facts/engine-versions.ts';
import { createFactsReader } from './facts/node-facts.ts';
import { importTrust } from './import-trust.ts';
import { restoreSecrets } from './restore-secrets.ts';
import { showStatus } from './show-status.ts';
import { startNode } from './start-node.ts';
import { lockDataDir } from './store/data-lock.ts';
import { openNodeStore } from './store/node-store.ts';
import { storeFault } from './store/store-fault.ts';
import { watchTrustNews } from './trust-news.ts';

const USAGE = `Usage:
  overseer node join TOKEN [--name NAME] [--start]   bring this machine into a fleet; TOKEN may be - for standard input
  overseer node start                                run the agent (what the service does)
  overseer node status [--json]                      what this node is and whether it reaches the core
  overseer node trust import FILE                    take the trust log of the fleet from a device, past the core
  overseer node restore-secrets                      write the memory files of running apps, before Docker starts

Settings come from the environment: OVERSEER_NODE_DATA, OVERSEER_NODE_RUN, DOCKER_HOST (unix:// only),
OVERSEER_COMPOSE_BIN, OVERSEER_ADDRESS_RANGE.
`;

/** What a folder answers that is another user's, or on a disk that fails or takes no writes; also through SQLite. */
const ACCESS = /^(EACCES|EPERM|EROFS|EIO|SQLITE_(IOERR|READONLY|CANTOPEN|CORRUPT|NOTADB).*)$/;

const connectorFactories = { cloudflare: createCloudflareConnector };

/** `overseer node …`. Gives the exit code: 0 ok, 1 failed, 2 usage, 3 refused, 4 not reachable, 130 interrupted. */
export async function runNode(argv: readonly string[]): Promise<number> {
  const [verb, ...rest] = argv;
  if (verb === undefined || verb === 'help' || argv.some((word) => word === '--help' || word === '-h')) {
    process.stdout.write(USAGE);
    return 0;
  }
  const config = readNodeConfig(process.env);
  if (!config.ok) return tellFault(config.error);
  try {
    if (verb === 'join') return await join(config.value, rest);
    if (verb === 'start') return await start(config.value);
    if (verb === 'status') return await showStatus(config.value, rest.includes('--json'));
    if (verb === 'trust' && rest[0] === 'import' && rest[1] !== undefined && rest.length === 2)
      return await importTrust(config.value, rest[1], tellFault);
    if (verb === 'restore-secrets') return await restoreSecrets(config.value, connectorFactories, log);
    process.stderr.write(USAGE);
    return 2;
  } catch (cause) {
    if (cause instanceof FaultError) return tellFault(cause.fault);
    const full = storeFault(cause, config.value.dataDir);
    if (full !== undefined) return tellFault(full);
    if (ACCESS.test((cause as NodeJS.ErrnoException).code ?? '')) return tellFault(noAccess(cause as Error));
    throw cause;
  }
}

async function join(config: NodeConfig, argv: readonly string[]): Promise<number> {
  let parsed: { positionals: string[]; values: { name?: string; start?: boolean } };
  try {
    const options = { name: { type: 'string' }, start: { type: 'boolean' } } as const;
    parsed = parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (cause) {
    process.stderr.write(`${(cause as Error).message}\n\n${USAGE}`);
    return 2;
  }
  const [given] = parsed.positionals;
  if (given === undefined || parsed.positionals.length > 1) {
    process.stderr.write(USAGE);
    return 2;
  }
  const lock = lockDataDir(config.dataDir);
  if (!lock.ok) return tellFault(lock.error);
  const stopping = new AbortController();
  const interrupt = () => stopping.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const store = openNodeStore(config.dataDir);
  try {
    const versions = createEngineVersions({ socketPath: config.dockerSocket, composeBin: config.composeBin });
    const joined = await joinFleet({
      tokenText: given === '-' ? await readStandardInput() : given,
      name: (parsed.values.name ?? hostname()).slice(0, 63),
      dataDir: config.dataDir,
      identity: await loadOrCreateIdentity(config.dataDir),
      store,
      clock: systemClock,
      facts: await createFactsReader({ dataDir: config.dataDir, versions })(),
      tell: (line) => process.stdout.write(`${visibleLines(line)}\n`),
      signal: stopping.signal,
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    });
    if (!joined.ok) return stopping.signal.aborted ? 130 : tellFault(joined.error);
    const { name, fleetName, already } = joined.value;
    const told = already ? `This node joined before, as ${name}.` : `Joined ${fleetName} as ${name}.`;
    process.stdout.write(`${visibleText(told)}\n`);
  } finally {
    store.close();
    lock.value.release();
    process.removeListener('SIGINT', interrupt).removeListener('SIGTERM', interrupt);
  }
  if (parsed.values.start) return start(config);
  process.stdout.write('Next: `systemctl enable --now overseer-node`, or `overseer node start` in a terminal.\n');
  return 0;
}

async function start(config: NodeConfig): Promise<number> {
  const lock = lockDataDir(config.dataDir);
  if (!lock.ok) return tellFault(lock.error);
  // Before anything is opened: a stop that comes while it starts must close as one that comes later.
  const asked = endSignal();
  const trustNews = watchTrustNews();
  const identity = await loadIdentity(config.dataDir);
  const store = openNodeStore(config.dataDir);
  try {
    if (identity === undefined) return tellFault(notJoined());
    const node = await startNode({ config, store, identity, connectorFactories, log });
    if (!node.ok) return tellFault(node.error);
    trustNews.handTo(() => void node.value.reloadTrust());
    const signal = await asked;
    log(`${signal}: stopping; apps keep running.`);
    await node.value.stop();
    return 0;
  } finally {
    store.close();
    trustNews.end();
    lock.value.release();
  }
}

function endSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => resolve(name));
  });
}

async function readStandardInput(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk;
  return text.trim();
}

/** A8-26: what the core, an image or the engine said may stand in any line of ours. */
function log(line: string): void {
  process.stderr.write(`${new Date().toISOString()} ${visibleLines(line)}\n`);
}

function tellFault(value: Fault): number {
  process.stderr.write(`${visibleLines(`${value.message}\n→ ${value.next}`)}\n(${value.code})\n`);
  if (value.code === 'enrol.bad-token') return 2;
  if (value.kind === 'denied' || value.kind === 'conflict') return 3;
  return value.kind === 'transient' ? 4 : 1;
}

function notJoined(): Fault {
  return fault(
    'node.not-joined',
    'permanent',
    'This node belongs to no fleet yet.',
    'Run `overseer nodes token` on a device, then `overseer node join TOKEN` here.',
  );
}

function noAccess(cause: Error): Fault {
  return fault(
    'node.no-access',
    'permanent',
    `The node's folder can not be used: ${cause.message}`,
    'See that its disk is writable and has room. Then run as root (`sudo overseer node …`), or set OVERSEER_NODE_DATA and OVERSEER_NODE_RUN to folders of your own.',
  );
}
