import { z } from 'zod';
import * as apps from './apps.ts';
import * as audit from './audit.ts';
import * as claim from './claim.ts';
import * as commands from './commands.ts';
import * as devices from './devices.ts';
import * as enrolments from './enrolments.ts';
import * as health from './health.ts';
import * as jobs from './jobs.ts';
import * as nodes from './nodes.ts';
import * as objects from './objects.ts';
import { hashSchema, idSchema } from './primitives.ts';
import * as proposals from './proposals.ts';
import * as routes from './routes.ts';
import * as sessions from './sessions.ts';
import * as trust from './trust.ts';

/** Path prefix of all operations but health. */
export const API_PREFIX = '/api/v1';

/** Who may call: anyone, the holder of a session, or (for WebSockets) of a single-use ticket. */
export type OperationAuth = 'none' | 'session' | 'ticket';

/**
 * What the operation leaves in the audit log: exactly one entry with this action each time it is accepted
 * or refused by a rule, or nothing, and then why.
 */
export type OperationAudit = { readonly action: string } | { readonly none: string };

/** One operation of port 7443. This table makes the routes, the validation, the OpenAPI page and the audit test. */
export interface Operation {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  /** OpenAPI spelling: `{id}` is a parameter. */
  readonly path: string;
  readonly summary: string;
  readonly auth: OperationAuth;
  readonly audit: OperationAudit;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  /** A schema, or `octets` for raw bytes. */
  readonly body?: z.ZodType | 'octets';
  /** Largest body in bytes; 64 KiB when absent. */
  readonly bodyMaxBytes?: number;
  readonly status: number;
  /** A schema, or the media type of an answer that is not JSON. */
  readonly response: z.ZodType | 'octets' | 'jsonl' | 'events' | 'websocket' | 'openapi';
}

const MIB = 1024 * 1024;
const READ = { none: 'reads only' } as const;
const byId = z.strictObject({ id: idSchema });
const byHash = z.strictObject({ hash: hashSchema });

/** All operations by id. */
export const operations = {
  healthz: {
    id: 'healthz',
    method: 'GET',
    path: '/healthz',
    summary: 'The process answers.',
    auth: 'none',
    audit: READ,
    status: 200,
    response: health.healthSchema,
  },
  readyz: {
    id: 'readyz',
    method: 'GET',
    path: '/readyz',
    summary: 'The store acknowledges writes (200) or not (503).',
    auth: 'none',
    audit: READ,
    status: 200,
    response: health.readinessSchema,
  },
  openapi: {
    id: 'openapi',
    method: 'GET',
    path: '/api/v1/openapi.json',
    summary: 'This description.',
    auth: 'none',
    audit: READ,
    status: 200,
    response: 'openapi',
  },
  claim: {
    id: 'claim',
    method: 'POST',
    path: '/api/v1/claim',
    summary: 'Gives a new core its fleet: setup code secret and genesis entry. Works once.',
    auth: 'none',
    audit: { action: 'core.claim' },
    body: claim.claimRequestSchema,
    status: 200,
    response: claim.claimResponseSchema,
  },
  createChallenge: {
    id: 'createChallenge',
    method: 'POST',
    path: '/api/v1/sessions/challenges',
    summary: 'A fresh challenge for a device to sign.',
    auth: 'none',
    audit: { none: 'a challenge lives in memory for a minute and gives no right' },
    body: sessions.challengeRequestSchema,
    status: 200,
    response: sessions.challengeResponseSchema,
  },
  createSession: {
    id: 'createSession',
    method: 'POST',
    path: '/api/v1/sessions',
    summary: 'Opens a memory-only session of at most 15 minutes for a signed challenge.',
    auth: 'none',
    audit: { action: 'session.open' },
    body: sessions.sessionRequestSchema,
    status: 201,
    response: sessions.sessionResponseSchema,
  },
  createTicket: {
    id: 'createTicket',
    method: 'POST',
    path: '/api/v1/sessions/tickets',
    summary: 'A single-use ticket for one WebSocket.',
    auth: 'session',
    audit: { none: 'a ticket lives in memory for 30 s and gives no more than its session' },
    body: sessions.ticketRequestSchema,
    status: 201,
    response: sessions.ticketResponseSchema,
  },
  getTrust: {
    id: 'getTrust',
    method: 'GET',
    path: '/api/v1/trust',
    summary: 'The trust log.',
    auth: 'session',
    audit: READ,
    status: 200,
    response: trust.trustResponseSchema,
  },
  extendTrust: {
    id: 'extendTrust',
    method: 'POST',
    path: '/api/v1/trust',
    summary: 'Extends the trust log by signed entries.',
    auth: 'session',
    audit: { action: 'trust.extend' },
    body: trust.trustRequestSchema,
    bodyMaxBytes: 4 * MIB,
    status: 200,
    response: trust.trustHeadsResponseSchema,
  },
  registerToken: {
    id: 'registerToken',
    method: 'POST',
    path: '/api/v1/nodes',
    summary: 'Registers an enrolment token (its hash only).',
    auth: 'session',
    audit: { action: 'enrolment.register' },
    body: enrolments.registerTokenRequestSchema,
    status: 201,
    response: enrolments.registerTokenResponseSchema,
  },
  listNodes: {
    id: 'listNodes',
    method: 'GET',
    path: '/api/v1/nodes',
    summary: 'All nodes with their status.',
    auth: 'session',
    audit: READ,
    status: 200,
    response: nodes.nodesResponseSchema,
  },
  showNode: {
    id: 'showNode',
    method: 'GET',
    path: '/api/v1/nodes/{id}',
    summary: 'One node with its facts and observed state.',
    auth: 'session',
    audit: READ,
    params: byId,
    status: 200,
    response: nodes.nodeSchema,
  },
  requestEnrolment: {
    id: 'requestEnrolment',
    method: 'POST',
    path: '/api/v1/enrolments',
    summary: 'A node asks to join with its token.',
    auth: 'none',
    audit: { action: 'enrolment.request' },
    body: enrolments.enrolmentRequestSchema,
    status: 201,
    response: enrolments.enrolmentResponseSchema,
  },
  waitEnrolment: {
    id: 'waitEnrolment',
    method: 'POST',
    path: '/api/v1/enrolments/wait',
    summary: 'A node waits, at most 30 s, for its place in the trust log.',
    auth: 'none',
    audit: READ,
    body: enrolments.enrolmentWaitRequestSchema,
    status: 200,
    response: enrolments.enrolmentWaitResponseSchema,
  },
  listEnrolments: {
    id: 'listEnrolments',
    method: 'GET',
    path: '/api/v1/enrolments',
    summary: 'Enrolments with what a device needs to check them.',
    auth: 'session',
    audit: READ,
    status: 200,
    response: enrolments.enrolmentsResponseSchema,
  },
  refuseEnrolment: {
    id: 'refuseEnrolment',
    method: 'POST',
    path: '/api/v1/enrolments/{id}/refuse',
    summary: 'A device refuses a node whose proof does not fit.',
    auth: 'session',
    audit: { action: 'enrolment.refuse' },
    params: byId,
    body: enrolments.enrolmentRefuseRequestSchema,
    status: 200,
    response: enrolments.enrolmentRefuseResponseSchema,
  },
  requestDevice: {
    id: 'requestDevice',
    method: 'POST',
    path: '/api/v1/devices/requests',
    summary: 'A further device asks to join, committed to keys that it does not show yet.',
    auth: 'none',
    audit: { action: 'device.request' },
    body: devices.deviceRequestRequestSchema,
    status: 201,
    response: devices.deviceRequestResponseSchema,
  },
  waitDevice: {
    id: 'waitDevice',
    method: 'POST',
    path: '/api/v1/devices/requests/wait',
    summary: "A device that asked waits, at most 30 s, for the approver's nonce, then for the outcome.",
    auth: 'none',
    audit: READ,
    body: devices.deviceWaitRequestSchema,
    status: 200,
    response: devices.deviceWaitResponseSchema,
  },
  revealDevice: {
    id: 'revealDevice',
    method: 'POST',
    path: '/api/v1/devices/requests/reveal',
    summary: 'A device that asked shows the keys it had committed to.',
    auth: 'none',
    audit: { action: 'device.reveal' },
    body: devices.deviceRevealRequestSchema,
    status: 200,
    response: devices.deviceRevealResponseSchema,
  },
  listDeviceRequests: {
    id: 'listDeviceRequests',
    method: 'GET',
    path: '/api/v1/devices/requests',
    summary: 'Devices that ask to join.',
    auth: 'session',
    audit: READ,
    status: 200,
    response: devices.deviceRequestsResponseSchema,
  },
  answerDevice: {
    id: 'answerDevice',
    method: 'POST',
    path: '/api/v1/devices/requests/{id}/answer',
    summary: "The approving device's nonce, answered with the reveal within at most 30 s; or a refusal.",
    auth: 'session',
    audit: { action: 'device.answer' },
    params: byId,
    body: devices.deviceAnswerRequestSchema,
    status: 200,
    response: devices.deviceRequestSchema,
  },
  putObject: {
    id: 'putObject',
    method: 'PUT',
    path: '/api/v1/objects/{hash}',
    summary: 'Stores an immutable object under its SHA-256.',
    auth: 'session',
    audit: { action: 'object.put' },
    params: byHash,
    body: 'octets',
    bodyMaxBytes: objects.OBJECT_MAX_BYTES,
    status: 201,
    response: objects.objectStoredResponseSchema,
  },
  getObject: {
    id: 'getObject',
    method: 'GET',
    path: '/api/v1/objects/{hash}',
    summary: 'The bytes of an object.',
    auth: 'session',
    audit: READ,
    params: byHash,
    status: 200,
    response: 'octets',
  },
  missingObjects: {
    id: 'missingObjects',
    method: 'POST',
    path: '/api/v1/objects/missing',
    summary: 'Which of these objects the core does not hold.',
    auth: 'session',
    audit: READ,
    body: objects.objectsMissingRequestSchema,
    bodyMaxBytes: MIB,
    status: 200,
    response: objects.objectsMissingResponseSchema,
  },
  listApps: {
    id: 'listApps',
    method: 'GET',
    path: '/api/v1/apps',
    summary: 'All apps.',
    auth: 'session',
    audit: READ,
    status: 200,
    response: apps.appsResponseSchema,
  },
  showApp: {
    id: 'showApp',
    method: 'GET',
    path: '/api/v1/apps/{id}',
    summary: 'One app.',
    auth: 'session',
    audit: READ,
    params: byId,
    status: 200,
    response: apps.appSchema,
  },
  createApp: {
    id: 'createApp',
    method: 'POST',
    path: '/api/v1/apps',
    summary: 'Signed rows that make an app, or a proposal.',
    auth: 'session',
    audit: { action: 'rows.push' },
    body: apps.createAppRequestSchema,
    bodyMaxBytes: 4 * MIB,
    status: 202,
    response: apps.createAppResponseSchema,
  },
  listReleases: {
    id: 'listReleases',
    method: 'GET',
    path: '/api/v1/apps/{id}/releases',
    summary: 'Signed release headers of an app.',
    auth: 'session',
    audit: READ,
    params: byId,
    status: 200,
    response: apps.appReleasesResponseSchema,
  },
  deployApp: changeSetOperation('deploy', 'Deploys by a signed change set, or proposes it.'),
  rollbackApp: changeSetOperation('rollback', 'Goes back to an earlier release by a new signed one, or proposes it.'),
  stopApp: changeSetOperation('stop', 'Stops an app by a signed change set, or proposes it.'),
  startApp: changeSetOperation('start', 'Starts an app by a signed change set, or proposes it.'),
  removeApp: changeSetOperation('remove', 'Removes an app by a signed change set, or proposes it.'),
  openLogs: {
    id: 'openLogs',
    method: 'POST',
    path: '/api/v1/apps/{id}/logs',
    summary: 'Sends a signed logs command; the sealed frames come by the stream.',
    auth: 'session',
    audit: { action: 'command.send' },
    params: byId,
    body: commands.namedCommandRequestSchema,
    status: 202,
    response: commands.streamResponseSchema,
  },
  openStream: {
    id: 'openStream',
    method: 'GET',
    path: '/api/v1/streams/{hash}',
    summary: 'WebSocket of one stream, opened with ?ticket=.',
    auth: 'ticket',
    audit: READ,
    params: byHash,
    status: 101,
    response: 'websocket',
  },
  openSync: {
    id: 'openSync',
    method: 'GET',
    path: '/api/v1/sync',
    summary: 'WebSocket for rows and trust entries, opened with ?ticket=.',
    auth: 'ticket',
    audit: READ,
    status: 101,
    response: 'websocket',
  },
  sendCommand: {
    id: 'sendCommand',
    method: 'POST',
    path: '/api/v1/commands',
    summary: 'Sends a short signed command and waits at most 30 s for its sealed answer.',
    auth: 'session',
    audit: { action: 'command.send' },
    body: commands.commandRequestSchema,
    status: 200,
    response: commands.commandResponseSchema,
  },
  testCloudflare: {
    id: 'testCloudflare',
    method: 'POST',
    path: '/api/v1/integrations/cloudflare/test',
    summary: 'Lets a node test its Cloudflare token, by a signed dns-test command.',
    auth: 'session',
    audit: { action: 'command.send' },
    body: commands.namedCommandRequestSchema,
    status: 200,
    response: commands.commandResponseSchema,
  },
  listProposals: {
    id: 'listProposals',
    method: 'GET',
    path: '/api/v1/proposals',
    summary: 'Unsigned wishes and what became of them.',
    auth: 'session',
    audit: READ,
    status: 200,
    response: proposals.proposalsResponseSchema,
  },
  listRoutes: {
    id: 'listRoutes',
    method: 'GET',
    path: '/api/v1/routes',
    summary: 'All public names with their state.',
    auth: 'session',
    audit: READ,
    status: 200,
    response: routes.routesResponseSchema,
  },
  listJobs: {
    id: 'listJobs',
    method: 'GET',
    path: '/api/v1/jobs',
    summary: 'Jobs, newest first.',
    auth: 'session',
    audit: READ,
    query: jobs.jobsQuerySchema,
    status: 200,
    response: jobs.jobsResponseSchema,
  },
  showJob: {
    id: 'showJob',
    method: 'GET',
    path: '/api/v1/jobs/{id}',
    summary: 'One job with its steps.',
    auth: 'session',
    audit: READ,
    params: byId,
    status: 200,
    response: jobs.jobSchema,
  },
  retryJob: {
    id: 'retryJob',
    method: 'POST',
    path: '/api/v1/jobs/{id}/retry',
    summary: 'Sends the same signed release again, where only its delivery failed.',
    auth: 'session',
    audit: { action: 'job.retry' },
    params: byId,
    body: jobs.jobActionRequestSchema,
    status: 200,
    response: jobs.jobSchema,
  },
  cancelJob: {
    id: 'cancelJob',
    method: 'POST',
    path: '/api/v1/jobs/{id}/cancel',
    summary: 'Cancels a job that is still queued.',
    auth: 'session',
    audit: { action: 'job.cancel' },
    params: byId,
    body: jobs.jobActionRequestSchema,
    status: 200,
    response: jobs.jobSchema,
  },
  listAudit: {
    id: 'listAudit',
    method: 'GET',
    path: '/api/v1/audit',
    summary: "The core's audit log.",
    auth: 'session',
    audit: READ,
    query: audit.auditQuerySchema,
    status: 200,
    response: audit.auditResponseSchema,
  },
  exportAudit: {
    id: 'exportAudit',
    method: 'GET',
    path: '/api/v1/audit/export',
    summary: 'Trust log, audit chains of core and nodes, and witnessed heads, as JSON Lines.',
    auth: 'session',
    audit: READ,
    status: 200,
    response: 'jsonl',
  },
  streamEvents: {
    id: 'streamEvents',
    method: 'GET',
    path: '/api/v1/events',
    summary: 'Server-sent events, resumable by Last-Event-ID.',
    auth: 'session',
    audit: READ,
    status: 200,
    response: 'events',
  },
} as const satisfies Record<string, Operation>;

export type OperationId = keyof typeof operations;

/** The operation as its plain interface, for code that walks the table. */
export function operationOf(id: OperationId): Operation {
  return operations[id];
}

/** Every operation, in the order of the table. */
export function listOperations(): Operation[] {
  return Object.values(operations);
}

function changeSetOperation<V extends 'deploy' | 'rollback' | 'stop' | 'start' | 'remove'>(verb: V, summary: string) {
  return {
    id: `${verb}App`,
    method: 'POST',
    path: `/api/v1/apps/{id}/${verb}`,
    summary,
    auth: 'session',
    audit: { action: `app.${verb}` },
    params: byId,
    body: apps.changeSetRequestSchema,
    bodyMaxBytes: 4 * MIB,
    status: 202,
    response: apps.changeSetResponseSchema,
  } as const satisfies Operation;
}
