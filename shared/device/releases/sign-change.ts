import type { ChangeSetResponse, ChangeSetVerb, Job, OperationId } from '#shared/contracts/rest/index.ts';
import { type Plan, planHash, type ReleaseBody } from '#shared/domain/apps/index.ts';
import {
  type Clock,
  err,
  fault,
  isoTime,
  ok,
  type Random,
  type Result,
  randomId,
  sha256Hex,
  utf8,
} from '#shared/kernel/index.ts';
import { type Envelope, itemHash, openEnvelope, signEnvelope, trustKeys } from '#shared/trust/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { uploadObjects } from '../fleet/objects.ts';
import { nodeHead } from '../holding/node-heads.ts';
import { lookAfterNode } from '../holding/vouch.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import { pause } from '../ports/timers.ts';
import { keepRelease, type SignedRelease } from './release-chain.ts';

/** How long a node may take a release, in milliseconds; the node's own ceiling is seven days. */
const ACCEPT_WITHIN_MS = 24 * 3_600_000;

/** A confirmed change of one app on one node. */
export interface ChangeDraft {
  readonly verb: ChangeSetVerb;
  readonly appId: string;
  readonly node: string;
  /** Exact text of the body. */
  readonly body: string;
  /** The signed release it follows; null for the first. */
  readonly base: Pick<SignedRelease, 'number' | 'header'> | null;
  readonly planHash: string;
  /** Objects the body names, and the owner copies that go with them. */
  readonly objects: readonly string[];
  /** The proposal that it answers. */
  readonly proposal?: string | undefined;
}

export interface SignedChange {
  readonly changeSet: Envelope;
  readonly header: Envelope;
  readonly number: number;
}

/** Makes the draft of a change from a body and the plan that was shown. */
export function draftChange(
  about: Omit<ChangeDraft, 'body' | 'planHash' | 'objects'> & {
    body: ReleaseBody;
    plan: Plan;
    ownerCopies: readonly string[];
  },
): ChangeDraft {
  const { verb, appId, node, base, body } = about;
  const files = body.kind === 'app' ? body.files.map(({ sha256 }) => sha256) : [];
  const objects = [...body.secrets.map(({ sha256 }) => sha256), ...files, ...about.ownerCopies];
  return { verb, appId, node, base, body: JSON.stringify(body), planHash: planHash(about.plan), objects };
}

/** Signs header and change set. Only called while connected: an offline change waits unsigned in the outbox. */
export async function signChange(
  fleet: Fleet,
  about: { clock: Clock; random: Random },
  draft: ChangeDraft,
): Promise<SignedChange> {
  const { clock, random } = about;
  const { signer } = fleet.device;
  const changeSetId = randomId(random);
  const issuedAt = isoTime(clock);
  const number = (draft.base?.number ?? 0) + 1;
  const { appId, node } = draft;
  const seen = await nodeHead(fleet, node);
  const header = await signEnvelope(
    'release',
    {
      ...fleet.heads(),
      nodeAuditHead: seen?.hash ?? null,
      appId,
      node,
      number,
      previous: draft.base?.header ?? null,
      body: sha256Hex(utf8(draft.body)),
      changeSet: changeSetId,
      issuedAt,
      acceptBy: new Date(clock.nowMs() + ACCEPT_WITHIN_MS).toISOString(),
      after: [],
    },
    signer,
  );
  const changeSet = await signEnvelope(
    'changeset',
    {
      ...fleet.heads(),
      changeSetId,
      verb: draft.verb,
      releases: [{ header: itemHash(header), appId, node, number }],
      planHash: draft.planHash,
      issuedAt,
      ...(draft.proposal === undefined ? {} : { proposal: draft.proposal }),
    },
    signer,
  );
  return { changeSet, header, number };
}

const OPERATIONS: Record<
  ChangeSetVerb,
  Extract<OperationId, 'deployApp' | 'rollbackApp' | 'stopApp' | 'startApp' | 'removeApp'>
> = {
  deploy: 'deployApp',
  ingress: 'deployApp',
  connector: 'deployApp',
  opening: 'deployApp',
  rollback: 'rollbackApp',
  stop: 'stopApp',
  start: 'startApp',
  remove: 'removeApp',
};

/** Uploads what the change names, signs it and hands it to the core. Gives the ids of its jobs. */
export async function submitChange(
  fleet: Fleet,
  context: DeviceContext,
  draft: ChangeDraft,
): Promise<Result<{ jobs: Job['id'][]; number: number }>> {
  const body = utf8(draft.body);
  const bodyHash = sha256Hex(body);
  await fleet.store.saveObject(bodyHash, body);
  const uploaded = await uploadObjects(fleet, [bodyHash, ...draft.objects]);
  if (!uploaded.ok) return uploaded;
  await lookAfterNode(context, fleet, draft.node);
  const { changeSet, header, number } = await signChange(fleet, context, draft);
  const sent = await sendUntilTaken(fleet, context, draft, { changeSet, headers: [header] });
  if (!sent.ok) return sent;
  if (!('jobs' in sent.value)) return err(becameProposal());
  const opened = await openEnvelope(header, {
    kind: 'release',
    fleet: fleet.config.fleet,
    keys: trustKeys(fleet.trust(), 'device'),
  });
  if (opened.ok)
    await keepRelease(fleet, context.clock, { link: { envelope: header, opened: opened.value }, body: draft.body });
  return ok({ jobs: sent.value.jobs, number });
}

/** Pauses before the same signed bytes are sent again, in milliseconds: long enough for a core that restarts. */
const RESEND_AFTER_MS = [500, 1_000, 2_000, 4_000, 8_000, 8_000];

/** What was signed may have arrived although the answer did not; the core answers the same bytes with the same jobs. */
async function sendUntilTaken(
  fleet: Fleet,
  context: DeviceContext,
  draft: ChangeDraft,
  body: { changeSet: Envelope; headers: Envelope[] },
): Promise<Result<ChangeSetResponse>> {
  const send = () => fleet.client.call(OPERATIONS[draft.verb], { params: { id: draft.appId }, body });
  let sent = await send();
  for (const pauseMs of RESEND_AFTER_MS) {
    if (sent.ok || sent.error.kind !== 'transient' || sent.error.code === 'cli.interrupted') break;
    await pause(context.timers, pauseMs, context.signal);
    sent = await send();
  }
  return sent;
}

function becameProposal() {
  return fault(
    'cli.awaiting-signature',
    'denied',
    'the core took the order as a proposal only',
    'See `overseer proposals list`; an owner’s device must sign it.',
  );
}
