import type { ChangeSetVerb, Proposal } from '#shared/contracts/rest/index.ts';
import type { ReleaseBody } from '#shared/domain/apps/index.ts';
import { exceptionsToLine } from '#shared/domain/policies/index.ts';
import { FaultError, fault, isoTime, randomId, unwrap } from '#shared/kernel/index.ts';
import {
  type ChangeSet,
  decideChangeSet,
  type Envelope,
  everyTrustKey,
  type Opened,
  type OpenedHeader,
  openEnvelope,
} from '#shared/trust/index.ts';
import { type Act, performAudited } from '../audit/audit-log.ts';
import type { Core } from '../core.ts';
import { objectsOfBody, parseReleaseBody } from '../jobs/release-message.ts';
import type { DurableWrites } from '../store/port.ts';
import type { JobRecord, StoredHeader } from '../store/records.ts';
import { actorOf, type Caller, readEnvelopes, requireRight } from './caller.ts';
import { requireBodyRight, requireOrderRight } from './judge-body.ts';
import { acceptProposal } from './settle-proposal.ts';
import { missingObject } from './store-object.ts';

/** The path's verb; settings of ingress and connectors are deployed like apps. */
export type PathVerb = 'deploy' | 'rollback' | 'stop' | 'start' | 'remove';

/**
 * Takes one confirmed change: verifies the signed change set and its release headers, checks that they follow what
 * is there and that all bytes are held, and queues one job for each release. All or nothing.
 */
export async function submitChangeSet(
  core: Core,
  caller: Caller,
  about: { verb: PathVerb; appId: string },
  request: { changeSet: unknown; headers: readonly unknown[] },
): Promise<{ jobs: string[] }> {
  const changeSet = readEnvelopes([request.changeSet])[0] as Envelope;
  const headers = readEnvelopes(request.headers);
  const act: Act = {
    actor: actorOf(caller),
    action: `app.${about.verb}`,
    subject: { app: about.appId },
    envelope: changeSet.signatures[0]?.keyid === caller.deviceId ? changeSet : null,
  };
  let accepted: Proposal | null = null;
  const jobs = await performAudited({ store: core.store.durable, clock: core.clock }, act, async () => {
    const order = await openChangeSet(core, caller, changeSet, about);
    act.subject.changeSet = order.payload.changeSetId;
    act.subject.verb = order.payload.verb;
    if (order.payload.proposal !== undefined) act.subject.proposal = order.payload.proposal;
    const releases = await openHeaders(core, order, headers);
    const judged = await Promise.all(releases.map((release) => judgeRelease(core, release)));
    const jobsToMake = judged.map(({ opened, body }) => toJob(core, order.payload, opened, body));
    // P8: what is set aside stands in the entry itself, for whoever reads it without the bodies.
    const aside = exceptionsToLine(judged.flatMap(({ body }) => (body.kind === 'app' ? body.exceptions : [])));
    if (aside !== '') act.subject.exceptions = aside.slice(0, 2_000);
    act.subject.releases = releases
      .map(({ opened }) => `${opened.payload.appId}#${opened.payload.number}`)
      .join(',')
      .slice(0, 2_000);
    const at = isoTime(core.clock);
    return async (tx) => {
      const known = await tx.getChangeSet(order.payload.changeSetId);
      if (known !== undefined) return repeated(tx, known.hash, order.itemHash, releases);
      for (const { opened, envelope } of releases) await follow(tx, opened, envelope);
      await tx.addChangeSet({
        id: order.payload.changeSetId,
        hash: order.itemHash,
        verb: order.payload.verb,
        device: caller.deviceId,
        envelope: changeSet,
        at,
      });
      for (const job of jobsToMake) await core.jobs.addQueued(tx, job);
      const made = { order: order.payload, device: caller.deviceId, jobs: jobsToMake.map((job) => job.id) };
      accepted = await acceptProposal(core, tx, made);
      return jobsToMake.map((job) => job.id);
    };
  });
  for (const job of await Promise.all(jobs.map((id) => core.store.durable.read.getJob(id)))) {
    if (job !== undefined) core.events.publish({ type: 'job', data: await core.jobs.view(job) });
  }
  if (accepted !== null) core.events.publish({ type: 'proposal', data: accepted });
  core.jobs.kick();
  return { jobs };
}

async function openChangeSet(core: Core, caller: Caller, envelope: Envelope, about: { verb: PathVerb; appId: string }) {
  const state = core.trust.current();
  const keys = everyTrustKey(state, 'device');
  const opened = unwrap(await openEnvelope(envelope, { kind: 'changeset', fleet: state.fleet, keys }));
  const { verb, releases } = opened.payload;
  if (opened.signer !== caller.deviceId) throw new FaultError(foreignSigner(opened.signer, caller.deviceId));
  if (!pathVerbTakes(about.verb, verb)) throw new FaultError(wrongVerb(about.verb, verb));
  if (!releases.some((release) => release.appId === about.appId)) throw new FaultError(wrongApp(about.appId));
  for (const { node, appId } of releases) requireRight(core, caller, verb, { node, appId });
  return opened;
}

interface Release {
  readonly opened: OpenedHeader;
  readonly envelope: Envelope;
}

/** Opens the headers and asks the rules of trust (REL-11) whether they are exactly this change set. */
async function openHeaders(core: Core, order: Opened<ChangeSet>, envelopes: readonly Envelope[]): Promise<Release[]> {
  const state = core.trust.current();
  const keys = everyTrustKey(state, 'device');
  const byHash = new Map<string, Release>();
  for (const envelope of envelopes) {
    const opened = unwrap(await openEnvelope(envelope, { kind: 'release', fleet: state.fleet, keys }));
    byHash.set(opened.itemHash, { opened, envelope });
  }
  const headers = [...byHash.values()].map(({ opened }) => opened);
  unwrap(decideChangeSet({ opened: order, headers, state, now: core.clock.nowMs() }));
  return order.payload.releases.flatMap(({ header, node }) => {
    if (!state.nodes.has(node)) throw new FaultError(unknownNode(node));
    const release = byHash.get(header);
    return release === undefined ? [] : [release];
  });
}

/** Reads the body, and checks that its signer may order it and that every object is held. */
async function judgeRelease(core: Core, { opened }: Release): Promise<{ opened: OpenedHeader; body: ReleaseBody }> {
  const { read } = core.store.durable;
  const { body: bodyHash } = opened.payload;
  const bytes = await read.getObject(bodyHash);
  if (bytes === undefined) throw new FaultError(missingObject(bodyHash));
  const body = unwrap(parseReleaseBody(bytes));
  await requireBodyRight(read, core.trust.current(), opened, body);
  await requireOrderRight(read, core.trust.current(), opened, body, core.clock.nowMs());
  const needed = objectsOfBody(body);
  const held = await read.heldObjects(needed);
  const absent = needed.find((hash) => !held.has(hash));
  if (absent !== undefined) throw new FaultError(missingObject(absent));
  return { opened, body };
}

function toJob(core: Core, order: ChangeSet, opened: OpenedHeader, body: ReleaseBody): JobRecord {
  const { appId, node, number, after } = opened.payload;
  return {
    id: randomId(core.random),
    changeSet: order.changeSetId,
    appId,
    appName: body.name,
    node,
    header: opened.itemHash,
    number,
    verb: order.verb as ChangeSetVerb,
    state: 'queued',
    outcome: null,
    awayMs: null,
    fault: null,
    createdAt: isoTime(core.clock),
    startedAt: null,
    endedAt: null,
    after,
  };
}

/** The header must be the next one after the tip; then it is the tip. */
async function follow(tx: DurableWrites, opened: OpenedHeader, envelope: Envelope): Promise<void> {
  const { appId, node, number, previous, body, changeSet } = opened.payload;
  const tipHash = await tx.getTip(appId, node);
  const tip = tipHash === undefined ? undefined : await tx.getHeader(tipHash);
  if (number !== (tip?.number ?? 0) + 1 || previous !== (tip?.hash ?? null)) throw new FaultError(notNext(opened, tip));
  await tx.addHeader({ hash: opened.itemHash, appId, node, number, previous, body, changeSet, envelope });
  await tx.setTip(appId, node, opened.itemHash);
}

/** The same change set again: the same jobs. Another one under its id is refused. */
async function repeated(
  tx: DurableWrites,
  heldHash: string,
  hash: string,
  releases: readonly Release[],
): Promise<string[]> {
  if (heldHash !== hash) throw new FaultError(idTaken());
  const jobs = await Promise.all(releases.map(({ opened }) => tx.getJobByHeader(opened.itemHash)));
  return jobs.flatMap((job) => (job === undefined ? [] : [job.id]));
}

function pathVerbTakes(path: PathVerb, verb: ChangeSet['verb']): boolean {
  return verb === path || (path === 'deploy' && (verb === 'ingress' || verb === 'connector' || verb === 'opening'));
}

function foreignSigner(signer: string, caller: string) {
  return fault(
    'changeset.foreign-signer',
    'denied',
    `It is signed by ${signer}; the session belongs to ${caller}.`,
    'Send it from the device that signed it.',
    { field: 'changeSet' },
  );
}

function wrongVerb(path: string, verb: string) {
  return fault(
    'changeset.wrong-verb',
    'permanent',
    `The path says ${path}, the signed change set says ${verb}.`,
    `Send it to /apps/{id}/${verb}.`,
    {
      field: 'changeSet.verb',
    },
  );
}

function wrongApp(appId: string) {
  return fault(
    'changeset.wrong-app',
    'permanent',
    `The change set has no release of app ${appId}.`,
    'Send it under an app that it changes.',
    {
      field: 'changeSet.releases',
    },
  );
}

function unknownNode(node: string) {
  return fault(
    'node.unknown',
    'permanent',
    `There is no node ${node} in this fleet.`,
    '`overseer nodes list` shows all nodes.',
    { field: 'node' },
  );
}

function idTaken() {
  return fault(
    'changeset.id-taken',
    'conflict',
    'Another change set has this id.',
    'Sign the change again; it gets a new id.',
    {
      field: 'changeSet.changeSetId',
    },
  );
}

function notNext(opened: OpenedHeader, tip: StoredHeader | undefined) {
  const { number, appId } = opened.payload;
  return fault(
    'release.not-next',
    'conflict',
    `Release ${number} of app ${appId} does not follow release ${tip?.number ?? 0}, the last one here.`,
    'Another device was first. Read the releases again, look at the plan anew and sign it.',
    { field: 'headers', detail: { number: String(tip?.number ?? 0), header: tip?.hash ?? '' } },
  );
}
