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
  /** Whether a body of this kind can run here: the token opens and the vendor is known. Asks nobody outside. */
  check(body: ConnectorBody, appId: string): Promise<Result<void>>;
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

  return {
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
    async check(body, appId) {
      if (body.state === 'removed') return ok();
      const port = await make(body, appId);
      return port.ok ? ok() : port;
    },
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
