import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Fault, FaultError, fault, isFault, systemClock, unwrap } from '#shared/kernel/index.ts';

const USAGE = `Usage:
  overseer core init  --address HOST[:HTTP-PORT[:LINK-PORT]]… [--data DIR] [--new-setup-code] [--json]
  overseer core start [--data DIR] [--host HOST] [--http-port PORT] [--link-port PORT]

  --data       Where the core keeps its data (OVERSEER_CORE_DATA, else /var/lib/overseer/core).
  --address    Where devices and nodes reach this core; give it once for each. Ports are 7443 and 7444.
  --host       Where it listens; :: is every address.
`;

const FAILED = 1;
const USAGE_ERROR = 2;
const REFUSED = 3;

/** `overseer core …`. Gives the exit code: 0 done, 1 failed, 2 wrong usage, 3 refused. */
export async function runCore(argv: readonly string[]): Promise<number> {
  const [verb, ...rest] = argv;
  if (verb === undefined || verb === 'help' || argv.some((word) => word === '--help' || word === '-h')) {
    process.stdout.write(USAGE);
    return 0;
  }
  try {
    if (verb === 'init') return await runInit(rest);
    if (verb === 'start') return await runStart(rest);
  } catch (error) {
    return tellError(error);
  }
  process.stderr.write(USAGE);
  return USAGE_ERROR;
}

async function runInit(argv: string[]): Promise<number> {
  const { values } = parseArgs({
    args: argv,
    options: {
      data: { type: 'string' },
      address: { type: 'string', multiple: true },
      'new-setup-code': { type: 'boolean' },
      json: { type: 'boolean' },
    },
  });
  const { parseCoreAddress } = await import('./addresses.ts');
  const { dataFolderOf, readCoreFolder } = await import('./core-folder.ts');
  const { initCore } = await import('./init.ts');
  const folder = dataFolderOf(values.data, process.env);
  const addresses = (values.address ?? []).map((text) => unwrap(parseCoreAddress(text)));
  if (addresses.length === 0 && unwrap(await readCoreFolder(folder)) === undefined)
    throw new FaultError(addressMissing());
  const made = unwrap(await initCore({ folder, addresses, newSetupCode: values['new-setup-code'] ?? false }));
  if (values.json === true) {
    process.stdout.write(`${JSON.stringify(made)}\n`);
    return 0;
  }
  const first = made.addresses[0];
  const linkOption = first === undefined || first.linkPort === 7444 ? '' : ` --link-port ${first.linkPort}`;
  const lines =
    made.setupCode !== null
      ? [
          made.found === 'nothing'
            ? `The core is ready in ${made.folder}.`
            : `A new setup code for the core in ${made.folder}; the old one is void.`,
          '',
          `Setup code: ${made.setupCode}`,
          '',
          'It is shown once. Start the core, then claim it from your own machine:',
          `  overseer core start --data ${made.folder}`,
          `  overseer device claim ${first?.host}:${first?.httpPort} --code ${made.setupCode}${linkOption}`,
          `or open https://${first?.host}:${first?.httpPort} in a browser there. It warns of the certificate, which this core made`,
          'itself: take it when its public key has this SHA-256 fingerprint.',
          `  ${inFours(made.spki)}`,
        ]
      : made.found === 'claimed'
        ? [`The core in ${made.folder} belongs to a fleet already; nothing was changed but addresses that you gave.`]
        : [
            `The core in ${made.folder} waits to be claimed; its setup code was shown when it was made.`,
            'Lost it? `overseer core init --new-setup-code` prints a new one.',
          ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

/** Hex in groups of four, as people compare it. */
function inFours(hex: string): string {
  return hex.match(/.{1,4}/g)?.join(' ') ?? hex;
}

async function runStart(argv: string[]): Promise<number> {
  const { values } = parseArgs({
    args: argv,
    options: {
      data: { type: 'string' },
      host: { type: 'string' },
      'http-port': { type: 'string' },
      'link-port': { type: 'string' },
    },
  });
  const [{ createJsonLog }, { dataFolderOf, readCoreFolder }, { openSqliteStore }, { lockFolder }, { startCore }] =
    await Promise.all([
      import('./log.ts'),
      import('./core-folder.ts'),
      import('./store/sqlite-store.ts'),
      import('./store/folder-lock.ts'),
      import('./start.ts'),
    ]);
  const log = createJsonLog(systemClock, (line) => process.stdout.write(line));
  // Before anything is opened: a stop that comes while it starts must close as one that comes later.
  const stop = new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  const path = dataFolderOf(values.data, process.env);
  const folder = unwrap(await readCoreFolder(path));
  if (folder === undefined) throw new FaultError(notInitialised(path));
  const lock = unwrap(lockFolder(path));
  const store = unwrap(openSqliteStore(path));
  const first = folder.settings.addresses[0];
  const httpPort = portOf(values['http-port'], first?.httpPort ?? 7443, '--http-port');
  const linkPort = portOf(values['link-port'], first?.linkPort ?? 7444, '--link-port');
  // The bundle is one folder, so this file's folder is the program's.
  const webFolder = join(import.meta.dirname, 'web');
  const running = unwrap(
    await listen(values.host, (host) => startCore({ folder, store, host, httpPort, linkPort, log, webFolder })),
  );
  const readyMs = Math.round(performance.now());
  const { user, system } = process.cpuUsage();
  const cpuMs = Math.round((user + system) / 1_000);
  log.info(`ready in ${readyMs} ms`, {
    readyMs,
    cpuMs,
    httpPort: running.httpPort,
    linkPort: running.linkPort,
    claimed: running.core.trust.fleet() !== '',
  });
  await stop;
  log.info('stopping');
  await running.close();
  await store.close();
  lock.release();
  return 0;
}

/** Listens on the given host, else on every address; a machine without IPv6 has only the IPv4 ones. */
async function listen<T>(host: string | undefined, start: (host: string) => Promise<T>): Promise<T> {
  try {
    return await start(host ?? '::').catch((error: NodeJS.ErrnoException) => {
      const noIpv6 = error.code === 'EAFNOSUPPORT' || error.code === 'EADDRNOTAVAIL';
      if (host !== undefined || !noIpv6) throw error;
      return start('0.0.0.0');
    });
  } catch (error) {
    const { code, port } = error as NodeJS.ErrnoException & { port?: number };
    if (code === 'EADDRNOTAVAIL') throw new FaultError(noSuchHost(host ?? '::'));
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    const why = code === 'EADDRINUSE' ? 'is taken by another program' : 'needs more rights than this user has';
    throw new FaultError(
      fault(
        'core.port-taken',
        'conflict',
        `Port ${port ?? ''} ${why}.`,
        'Stop that program, or give other ports with --http-port and --link-port.',
      ),
    );
  }
}

function noSuchHost(host: string): Fault {
  return fault(
    'core.bad-host',
    'permanent',
    `--host ${host}: this machine has no such address.`,
    'Give an address of this machine, or leave it out to listen on all.',
    { field: '--host' },
  );
}

function portOf(text: string | undefined, fallback: number, option: string): number {
  if (text === undefined) return fallback;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 0 && port <= 65_535) return port;
  throw new FaultError(
    fault('core.bad-option', 'permanent', `${option} ${text}: it is no port.`, 'Give a number from 0 to 65535.', {
      field: option,
    }),
  );
}

function tellError(error: unknown): number {
  const found: Fault | undefined = error instanceof FaultError ? error.fault : isFault(error) ? error : undefined;
  if (found !== undefined) {
    process.stderr.write(`${found.message}\n${found.next}\n(${found.code})\n`);
    return found.kind === 'denied' || found.kind === 'conflict'
      ? REFUSED
      : found.field?.startsWith('--')
        ? USAGE_ERROR
        : FAILED;
  }
  const { code } = error as { code?: string };
  if (typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS')) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
    return USAGE_ERROR;
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return FAILED;
}

function addressMissing(): Fault {
  return fault(
    'core.no-address',
    'permanent',
    '--address is missing: devices and nodes must know where this core is.',
    'Give the name or IP address that they reach it at, for instance --address 192.168.1.10.',
    { field: '--address' },
  );
}

function notInitialised(path: string): Fault {
  return fault(
    'core.not-initialised',
    'permanent',
    `There is no core in ${path}.`,
    'Make one: `overseer core init --address HOST`, or give its folder with --data.',
    {
      field: '--data',
    },
  );
}
