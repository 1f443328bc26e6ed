import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeHold } from '#shared/contracts/link/messages.ts';
import { visibleJson, visibleText } from '#shared/kernel/index.ts';
import type { NodeConfig } from './config.ts';
import { readPendingEnrolment } from './enrol/enrolment-file.ts';
import { loadIdentity } from './enrol/identity.ts';
import { storedBody } from './reconcile/release-request.ts';
import { readStatusFile } from './status-file.ts';
import { openNodeStore } from './store/node-store.ts';

/** `overseer node status`: from the node's own folder; asks neither core nor engine. Exit code 1 when it does not run. */
export async function showStatus(config: NodeConfig, asJson: boolean): Promise<number> {
  if (!existsSync(join(config.dataDir, 'node.db'))) {
    const state = 'not joined';
    process.stdout.write(asJson ? `${JSON.stringify({ state })}\n` : 'This node belongs to no fleet yet.\n');
    return 1;
  }
  const identity = await loadIdentity(config.dataDir);
  const store = openNodeStore(config.dataDir);
  try {
    const running = readStatusFile(config.runDir);
    const fleet = store.setting('fleet') ?? null;
    const pending = readPendingEnrolment(config.dataDir) !== undefined;
    const status = {
      state: fleet === null ? (pending ? 'joining' : 'not joined') : running ? 'running' : 'stopped',
      name: store.setting('name') ?? null,
      nodeId: identity?.nodeId ?? null,
      fleet,
      pid: running?.pid ?? null,
      startedAt: running?.startedAt ?? null,
      link: running?.link ?? null,
      hold: running?.hold ?? null,
      unsentOutcomes: store.releases.outbox().length,
      auditEntries: store.audit.head()?.seq ?? 0,
      apps: store.releases.appIds().map((appId) => describeApp(store, appId)),
    };
    process.stdout.write(
      `${asJson ? visibleJson(JSON.stringify(status)) : toLines(status).map(visibleText).join('\n')}\n`,
    );
    return running && fleet !== null ? 0 : 1;
  } finally {
    store.close();
  }
}

type AppStatus = ReturnType<typeof describeApp>;

function describeApp(store: ReturnType<typeof openNodeStore>, appId: string) {
  const newest = store.releases.newest(appId);
  const running = store.releases.running(appId);
  const body = newest && storedBody({ store }, newest);
  return {
    appId,
    name: body?.ok ? body.value.name : null,
    accepted: newest?.number ?? null,
    outcome: newest?.outcome ?? null,
    good: running?.number ?? null,
  };
}

function toLines(status: {
  state: string;
  name: string | null;
  nodeId: string | null;
  fleet: string | null;
  link: {
    connected: boolean;
    lastHeartbeatAt: string | null;
    lastFault: { message: string; next: string } | null;
  } | null;
  hold: NodeHold | null;
  apps: AppStatus[];
}): string[] {
  const { link, hold } = status;
  return [
    `Node     ${status.name ?? '-'} (${status.nodeId ?? 'no keys yet'})`,
    `Fleet    ${status.fleet?.slice(0, 12) ?? '-'}`,
    `Agent    ${status.state}`,
    `Core     ${link?.connected ? `connected, last heartbeat ${link.lastHeartbeatAt ?? 'not yet'}` : 'not connected'}`,
    ...(link?.lastFault ? [`         ${link.lastFault.message}`, `         ${link.lastFault.next}`] : []),
    ...(hold?.holding
      ? [`Changes  waiting since ${hold.since}: ${hold.why?.message ?? ''}`, `         ${hold.why?.next ?? ''}`]
      : []),
    ...status.apps.map(
      (app) => `App      ${app.name ?? app.appId}: release ${app.accepted} ${app.outcome ?? 'in progress'}`,
    ),
  ];
}
