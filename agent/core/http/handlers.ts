import type { OperationId } from '#shared/contracts/rest/index.ts';
import { VERSION } from '#shared/contracts/versions.ts';
import { fault } from '#shared/kernel/index.ts';
import type { Core } from '../core.ts';
import {
  answerDevice,
  deviceRequestView,
  requestDevice,
  revealDevice,
  waitDevice,
} from '../usecases/approve-device.ts';
import { type Asker, actorOf, type Caller, reachOf, readEnvelopes, requireDevice } from '../usecases/caller.ts';
import { changeJob, listJobs, showJob } from '../usecases/change-job.ts';
import { addToken, listTokens, revokeToken } from '../usecases/change-token.ts';
import { claimCore } from '../usecases/claim-core.ts';
import {
  enrolmentView,
  refuseEnrolment,
  registerToken,
  requestEnrolment,
  waitEnrolment,
} from '../usecases/enrol-node.ts';
import { exportAudit, listAudit, traceAudit } from '../usecases/export-audit.ts';
import { openSession } from '../usecases/open-session.ts';
import { presentTrust } from '../usecases/present-trust.ts';
import { propose } from '../usecases/propose.ts';
import { readClearLogs } from '../usecases/read-clear-logs.ts';
import { listApps, listNodes, listReleases, listRoutes, showApp, showNode } from '../usecases/read-models.ts';
import { openLogStream, sendCommand } from '../usecases/send-command.ts';
import { declineProposal, listProposals, showProposal } from '../usecases/settle-proposal.ts';
import { missingObjects, readObject, storeObject } from '../usecases/store-object.ts';
import { type PathVerb, submitChangeSet } from '../usecases/submit-change-set.ts';
import { vouchForNode } from '../usecases/vouch-for-node.ts';
import { openApiDocument } from './openapi.ts';

/** One validated call. */
export interface Call {
  readonly core: Core;
  readonly params: Record<string, string>;
  readonly query: never;
  readonly body: never;
  /** Ends when the caller goes away. */
  readonly signal: AbortSignal;
  /** Whoever calls, by session or API token. Throws for operations without either. */
  asker(): Asker;
  /** The device that calls. Throws for a token: it orders nothing. */
  caller(): Caller;
}

/** An answer that is not JSON with the table's status. */
export type SpecialAnswer =
  | { readonly octets: Uint8Array }
  | { readonly lines: AsyncIterable<string> }
  | { readonly json: unknown; readonly status: number };

type Handler = (call: Call) => Promise<object>;

/** Operations that are WebSockets or event streams and have their own code. */
export type StreamedOperation = 'openStream' | 'openSync' | 'streamEvents';

const changeSet =
  (verb: PathVerb): Handler =>
  ({ core, asker, caller, params, body }) => {
    const appId = params.id ?? '';
    const request = body as { proposal?: never; changeSet?: unknown; headers?: unknown[] };
    if (request.proposal !== undefined) {
      return propose(core, asker(), { verb, appId, action: `app.${verb}`, content: request.proposal });
    }
    return submitChangeSet(
      core,
      caller(),
      { verb, appId },
      { changeSet: request.changeSet, headers: request.headers ?? [] },
    );
  };

/** What each operation of the table does. */
export const handlers: Readonly<Record<Exclude<OperationId, StreamedOperation>, Handler>> = {
  healthz: async () => ({ status: 'ok', version: VERSION }),
  readyz: async ({ core }) => readiness(core),
  openapi: async () => openApiDocument(),
  claim: ({ core, body }) => claimCore(core, body),
  createChallenge: async ({ core }) => {
    const { challenge, expiresAtMs } = core.sessions.createChallenge();
    const { spki, addresses } = core.self;
    const expiresAt = new Date(expiresAtMs).toISOString();
    return { challenge, coreSpki: spki, fleet: core.trust.fleet() || null, expiresAt, version: VERSION, addresses };
  },
  createSession: ({ core, body }) => openSession(core, (body as { envelope: unknown }).envelope),
  createTicket: async ({ core, caller }) => {
    core.rows.requireHeard(caller().deviceId);
    const { ticket, expiresAtMs } = core.sessions.createTicket(caller() as never);
    return { ticket, expiresAt: new Date(expiresAtMs).toISOString() };
  },
  getTrust: async ({ core }) => ({ entries: core.trust.current().entries }),
  extendTrust: async ({ core, caller, body }) => {
    const by = { actor: actorOf(caller()), action: 'trust.extend' };
    const state = await core.trust.extend(readEnvelopes((body as { entries: unknown[] }).entries), by);
    return { heads: state.heads };
  },
  presentTrust: ({ core, body }) => presentTrust(core, readEnvelopes((body as { entries: unknown[] }).entries)),
  addToken: ({ core, caller, body }) => addToken(core, caller(), (body as { order: unknown }).order),
  listTokens: async ({ core }) => ({ tokens: listTokens(core) }),
  revokeToken: ({ core, caller, params, body }) =>
    revokeToken(core, caller(), params.id ?? '', (body as { order: unknown }).order),
  registerToken: ({ core, caller, body }) => registerToken(core, caller(), body),
  listNodes: async ({ core, asker }) => ({ nodes: await listNodes(core, reachOf(asker())) }),
  showNode: ({ core, asker, params }) => showNode(core, reachOf(asker()), params.id ?? ''),
  vouchForNode: ({ core, caller, params, body }) =>
    vouchForNode(core, caller(), params.id ?? '', (body as { statement: unknown }).statement),
  requestEnrolment: ({ core, body }) => requestEnrolment(core, body),
  waitEnrolment: ({ core, body, signal }) => waitEnrolment(core, body, signal),
  listEnrolments: async ({ core }) => {
    const records = await core.store.durable.read.listEnrolments();
    return { enrolments: records.map((record) => enrolmentView(core, record)) };
  },
  refuseEnrolment: ({ core, caller, params, body }) =>
    refuseEnrolment(core, caller(), params.id ?? '', (body as { reason: string }).reason),
  requestDevice: ({ core, body }) => requestDevice(core, body),
  waitDevice: ({ core, body, signal }) => waitDevice(core, body, signal),
  revealDevice: ({ core, body }) => revealDevice(core, body),
  listDeviceRequests: async ({ core }) => ({ requests: core.deviceRequests.list().map(deviceRequestView) }),
  answerDevice: ({ core, caller, params, body, signal }) => answerDevice(core, caller(), params.id ?? '', body, signal),
  putObject: ({ core, caller, params, body }) => storeObject(core, caller(), params.hash ?? '', body as Uint8Array),
  getObject: async ({ core, params }) => ({ octets: await readObject(core, params.hash ?? '') }),
  missingObjects: ({ core, body }) => missingObjects(core, (body as { hashes: string[] }).hashes),
  listApps: async ({ core, asker }) => ({ apps: await listApps(core, reachOf(asker())) }),
  showApp: async ({ core, asker, params }) => showApp(core, reachOf(asker()), params.id ?? ''),
  createApp: ({ core, asker, body }) => {
    const request = body as { proposal?: never; rows?: unknown[] };
    if (request.proposal !== undefined) {
      return propose(core, asker(), { verb: 'create', appId: null, action: 'rows.push', content: request.proposal });
    }
    // Rights are judged row by row, by their signers.
    return core.rows.push(readEnvelopes(request.rows ?? []), actorOf(requireDevice(asker())));
  },
  listReleases: ({ core, params }) => listReleases(core, params.id ?? ''),
  deployApp: changeSet('deploy'),
  rollbackApp: changeSet('rollback'),
  stopApp: changeSet('stop'),
  startApp: changeSet('start'),
  removeApp: changeSet('remove'),
  readLogs: async ({ core, asker, params, query, signal }) => ({
    lines: await readClearLogs(core, asker(), params.id ?? '', query, signal),
  }),
  openLogs: ({ core, caller, params, body }) =>
    openLogStream(core, caller(), { verb: 'logs', appId: params.id ?? '' }, (body as { command: unknown }).command),
  openNodeLogs: ({ core, caller, params, body }) =>
    openLogStream(
      core,
      caller(),
      { verb: 'agent-logs', node: params.id ?? '' },
      (body as { command: unknown }).command,
    ),
  sendCommand: ({ core, caller, body }) => sendCommand(core, caller(), (body as { envelope: unknown }).envelope),
  testCloudflare: ({ core, caller, body }) =>
    sendCommand(core, caller(), (body as { command: unknown }).command, 'dns-test'),
  listProposals: async ({ core, asker, query }) => ({
    proposals: await listProposals(core, asker(), (query as { state?: never }).state),
  }),
  showProposal: ({ core, asker, params }) => showProposal(core, asker(), params.id ?? ''),
  declineProposal: ({ core, caller, params, body }) =>
    declineProposal(core, caller(), params.id ?? '', (body as { reason: string }).reason),
  listRoutes: async ({ core, asker }) => ({ routes: await listRoutes(core, reachOf(asker())) }),
  listJobs: async ({ core, asker, query }) => ({ jobs: await listJobs(core, reachOf(asker()), query) }),
  showJob: ({ core, asker, params }) => showJob(core, asker(), params.id ?? ''),
  retryJob: ({ core, caller, params }) => changeJob(core, caller(), params.id ?? '', 'retry'),
  cancelJob: ({ core, caller, params }) => changeJob(core, caller(), params.id ?? '', 'cancel'),
  listAudit: ({ core, query }) => listAudit(core, query),
  traceAudit: ({ core, params, query }) => traceAudit(core, params.hash ?? '', (query as { limit?: number }).limit),
  exportAudit: async ({ core }) => ({ lines: exportAudit(core) }),
};

/** 503 while the store does not acknowledge: a balancer or a person shall see it. */
function readiness(core: Core): SpecialAnswer {
  const failing = core.store.durable.failing();
  const json = {
    status: failing === null ? 'ready' : 'failing',
    claimed: core.trust.fleet() !== '',
    checks: [{ name: 'store', ok: failing === null, text: failing?.message ?? 'writes are acknowledged' }],
  };
  return { json, status: failing === null ? 200 : 503 };
}

/** No session where one is needed. */
export function noSession() {
  return fault(
    'session.required',
    'denied',
    'This needs an open session.',
    'Open one: `POST sessions/challenges`, sign it, `POST sessions`; then send `Authorization: Overseer <session>`.',
  );
}
