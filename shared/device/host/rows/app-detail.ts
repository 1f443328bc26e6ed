import type { AppDetail, AppRow, ReleaseRow } from '#shared/contracts/ipc/index.ts';
import type { Job } from '#shared/contracts/rest/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import { type ChainLink, readChain } from '../../releases/release-chain.ts';
import type { FleetHost } from '../fleet-host.ts';

/** Makes the reader of everything that one app shows; its chain of releases is read again only when it has grown. */
export function createAppDetails(
  host: FleetHost,
  rowOf: (appId: string) => AppRow | undefined,
): (appId: string) => Promise<Result<AppDetail>> {
  const chains = new Map<string, { header: string | undefined; links: readonly ChainLink[] }>();

  const chainOf = async (appId: string, node: string | null): Promise<readonly ChainLink[]> => {
    const header = host.model.base(appId)?.header;
    const known = chains.get(appId);
    if (node === null || header === undefined) return [];
    if (known && (known.header === header || !host.isOnline())) return known.links;
    if (!host.isOnline()) return [];
    const read = await readChain(host.fleet, appId, node);
    if (!read.ok) return known?.links ?? [];
    chains.set(appId, { header, links: read.value });
    return read.value;
  };

  return async (appId) => {
    const row = rowOf(appId);
    const entry = host.model.find(appId);
    if (!row || !entry) return err(unknownApp());
    const view = entry.kind === 'app' ? host.model.view(appId) : undefined;
    const observed = host.model.seen(entry.node)?.observed?.apps.find((app) => app.appId === appId);
    const links = await chainOf(appId, entry.node);
    const { outlineOf } = await import('./outline-of.ts');
    return ok({
      row,
      services: observed?.services ?? [],
      volumes: observed?.volumes ?? [],
      routes: observed?.routes ?? [],
      records: observed?.records ?? [],
      exceptions: observed?.exceptions ?? [],
      secrets: [...host.secretsOf(appId)],
      releases: links.map((link) => toReleaseRow(host, link, observed?.running?.header)).reverse(),
      outline: outlineOf(view?.ok ? view.value.compose : ''),
    });
  };
}

function toReleaseRow(host: FleetHost, { opened }: ChainLink, running: string | undefined): ReleaseRow {
  const { payload, itemHash } = opened;
  const job = [...host.lists.jobs().values()].find(({ header }) => header === itemHash);
  const verb = job?.verb ?? null;
  return {
    number: payload.number,
    header: itemHash,
    issuedAt: payload.issuedAt,
    verb,
    state: verb === null ? null : verb === 'stop' ? 'stopped' : verb === 'remove' ? 'removed' : 'running',
    by: {
      deviceId: payload.signer,
      name: host.fleet.trust().devices.get(payload.signer)?.name ?? payload.signer,
    },
    outcome: outcomeOf(job),
    isRunning: running === itemHash,
  };
}

function outcomeOf(job: Job | undefined): ReleaseRow['outcome'] {
  if (!job) return null;
  return job.outcome ?? (job.state === 'queued' || job.state === 'running' ? 'waiting' : null);
}

function unknownApp() {
  return fault('app.unknown', 'permanent', 'there is no such app in this fleet', 'Go back to the list of apps.');
}
