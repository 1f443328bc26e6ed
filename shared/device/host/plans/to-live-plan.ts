import type { PlanView } from '#shared/contracts/ipc/index.ts';
import type { Plan, ReleaseBody } from '#shared/domain/apps/index.ts';
import { ok, type Result } from '#shared/kernel/index.ts';
import type { NodeIdentity } from '#shared/trust/index.ts';
import { decideMaySign } from '../../releases/decide-may-sign.ts';
import type { SignedRelease } from '../../releases/release-chain.ts';
import { type ChangeDraft, draftChange } from '../../releases/sign-change.ts';
import type { FleetHost } from '../fleet-host.ts';
import { type LivePlan, planIdOf } from './plan-book.ts';

/** What a plan is made of. */
export interface PlanParts {
  readonly verb: ChangeDraft['verb'];
  readonly appId: string;
  readonly name: string;
  readonly node: NodeIdentity;
  readonly base: SignedRelease | null;
  readonly body: ReleaseBody;
  readonly plan: Plan;
  readonly ownerCopies: readonly string[];
  /** Command on an owner's device that does the same, where this one may not sign. */
  readonly ownerCommand: string;
  readonly isOfEdits?: boolean;
  readonly follow?: () => Promise<Result<void>>;
  /** Of a proposal: who asks for which lines, and what writes and drafts it. */
  readonly asked?: NonNullable<PlanView['asked']>;
  readonly accept?: () => Promise<Result<ChangeDraft>>;
}

/** Makes a plan that can be shown and confirmed, and keeps it in the book. */
export function toLivePlan(host: FleetHost, parts: PlanParts): LivePlan {
  const { verb, appId, node, base, body, plan, ownerCopies } = parts;
  const draft = draftChange({ verb, appId, node: node.nodeId, base, body, plan, ownerCopies });
  const may = decideMaySign({
    ...{ verb, appId, body, node: node.nodeId, base: base?.body ?? null, now: host.context.clock.nowMs() },
    ...{ state: host.fleet.trust(), signer: host.fleet.device.deviceId },
  });
  const view: PlanView = {
    planId: planIdOf(draft),
    verb,
    appId,
    appName: parts.name,
    node: { nodeId: node.nodeId, name: node.name },
    base: base?.number ?? null,
    lines: plan.lines.map((line) => ({ ...line })),
    downtime: { ...plan.downtime },
    blocked: plan.blocked as PlanView['blocked'],
    byHand: [...plan.byHand],
    stack: stackOf(base?.body, body),
    deletes: deletesOf(host, appId, node.nodeId, body),
    ownerCommand: may.ok ? null : parts.ownerCommand,
    asOf: host.isOnline() ? null : host.lists.heardAt(),
    urls: host.model.urls(node.nodeId, body),
    ...(parts.asked === undefined ? {} : { asked: parts.asked }),
  };
  const followDraft = async (): Promise<Result<ChangeDraft>> => {
    const followed = await (parts.follow?.() ?? ok());
    return followed.ok ? ok(draft) : followed;
  };
  const follow = parts.accept ?? followDraft;
  return host.plans.keep({ view, draft, isOfEdits: parts.isOfEdits ?? false, follow });
}

function stackOf(before: ReleaseBody | undefined, after: ReleaseBody): PlanView['stack'] {
  if (after.kind !== 'app' || after.state === 'removed') return null;
  const text = before?.kind === 'app' && before.state !== 'removed' ? before.compose : '';
  return text === after.compose ? null : { before: text, after: after.compose };
}

function deletesOf(host: FleetHost, appId: string, node: string, body: ReleaseBody): PlanView['deletes'] {
  if (body.kind !== 'app' || body.deleteVolumes.length === 0) return [];
  const seen = host.model.seen(node)?.observed?.apps.find((app) => app.appId === appId)?.volumes ?? [];
  return body.deleteVolumes.map((volume) => ({
    volume,
    sizeBytes: seen.find(({ name }) => name === volume || name === `ov_${appId}_${volume}`)?.sizeBytes ?? null,
  }));
}
