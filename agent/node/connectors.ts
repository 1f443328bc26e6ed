import type { ConnectorBody } from '#shared/domain/apps/index.ts';
import type { DnsPort, OwnRecords } from '#shared/domain/routes/index.ts';
import { err, fault, ok, type Result, utf8ToText } from '#shared/kernel/index.ts';
import type { NodeContext } from './reconcile/node-context.ts';
import { openNodeSecret, storedBody } from './reconcile/release-request.ts';
import type { StoredRelease } from './store/release-store.ts';

/** Makes the connector of one vendor; main.ts binds them. */
export type ConnectorFactory = (options: {
  token: string;
  baseUrl: string | null;
  accountId: string | null;
  zones: readonly string[];
  fleet: string;
  own: OwnRecords;
}) => DnsPort;

export interface Connectors {
  /** The connector that the accepted release of this appId describes. Its token lives in memory only. */
  get(connectorAppId: string): Promise<Result<DnsPort>>;
  /** The same as a port that opens the token at its first use; undefined when no accepted release describes one. */
  lazy(connectorAppId: string): DnsPort | undefined;
  /** appIds of all connectors that run here. */
  ids(): string[];
  /** A new release of this connector was applied: the next use reads it anew. */
  changed(connectorAppId: string): void;
}

type Part = Pick<NodeContext, 'store' | 'identity' | 'fleet'>;

/** Chooses connectors from accepted releases: the newest that has not failed. */
export function createConnectors(
  context: Part,
  factories: Readonly<Record<ConnectorBody['vendor'], ConnectorFactory>>,
): Connectors {
  const made = new Map<string, { header: string; port: DnsPort }>();

  const make = async (body: ConnectorBody, appId: string): Promise<Result<DnsPort>> => {
    const [ref] = body.secrets;
    if (ref === undefined) return err(noToken(body.name));
    const opened = await openNodeSecret(context, ref, appId);
    if (!opened.ok) return opened;
    const { baseUrl, accountId, zones } = body.settings;
    const token = utf8ToText(opened.value).trim();
    return ok(
      factories[body.vendor]({ token, baseUrl, accountId, zones, fleet: context.fleet, own: context.store.dnsRecords }),
    );
  };

  const connectors: Connectors = {
    async get(connectorAppId) {
      const release = usable(context, connectorAppId);
      if (release === undefined) return err(noConnector(connectorAppId));
      const known = made.get(connectorAppId);
      if (known?.header === release.header) return ok(known.port);
      const body = storedBody(context, release);
      if (!body.ok) return body;
      if (body.value.kind !== 'connector' || body.value.state !== 'running') return err(noConnector(connectorAppId));
      const port = await make(body.value, connectorAppId);
      if (port.ok) made.set(connectorAppId, { header: release.header, port: port.value });
      return port;
    },
    lazy(connectorAppId) {
      return describes(context, connectorAppId) ? lazyPort(() => connectors.get(connectorAppId), context) : undefined;
    },
    ids: () => context.store.releases.appIds().filter((appId) => describes(context, appId)),
    changed: (connectorAppId) => void made.delete(connectorAppId),
  };
  return connectors;
}

function describes(context: Part, appId: string): boolean {
  const release = usable(context, appId);
  const body = release && storedBody(context, release);
  return body?.ok === true && body.value.kind === 'connector' && body.value.state === 'running';
}

/** Each call opens the connector first; a token that can not be opened is the fault of that call. */
function lazyPort(open: () => Promise<Result<DnsPort>>, context: Part): DnsPort {
  const through = async <T>(call: (port: DnsPort) => Promise<Result<T>>): Promise<Result<T>> => {
    const port = await open();
    return port.ok ? call(port.value) : port;
  };
  return {
    test: () => through((port) => port.test()),
    findZone: (hostname) => through((port) => port.findZone(hostname)),
    ensure: (wish) => through((port) => port.ensure(wish)),
    remove: (key) => through((port) => port.remove(key)),
    look: (wish) => through((port) => port.look(wish)),
    // The own record is this node's; it is readable without a token.
    list: (appId) => context.store.dnsRecords.list(appId),
  };
}

function usable(context: Part, appId: string): StoredRelease | undefined {
  const newest = context.store.releases.newest(appId);
  return newest?.outcome === null ? newest : context.store.releases.running(appId);
}

function noConnector(appId: string) {
  return fault(
    'dns.no-connector',
    'permanent',
    `this node runs no DNS connector ${appId}`,
    'set one up with `overseer integrations cloudflare set`, or make the record by hand',
    { detail: { connector: appId } },
  );
}

function noToken(name: string) {
  return fault(
    'dns.no-token',
    'permanent',
    `the connector ${name} names no secret that holds its token`,
    'run `overseer integrations cloudflare set` again',
    { field: 'secrets' },
  );
}
