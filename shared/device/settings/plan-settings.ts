import { type Plan, planRelease, type ReleaseBody } from '#shared/domain/apps/index.ts';
import { ok, type Result } from '#shared/kernel/index.ts';
import type { NodeIdentity } from '#shared/trust/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import { readBase, readLocalBase, type SignedRelease } from '../releases/release-chain.ts';
import { type ChangeDraft, draftChange } from '../releases/sign-change.ts';

/** What a node shall have that is no app: its ingress, a connector, an opening, as desired state has it now. */
export interface Settings<Body extends ReleaseBody = ReleaseBody> {
  readonly verb: 'ingress' | 'connector' | 'opening';
  readonly appId: string;
  readonly node: NodeIdentity;
  readonly body: Body;
  /** Objects that go to the core beside those that the body names. */
  readonly ownerCopies: readonly string[];
}

export interface PlannedSettings extends Settings {
  readonly base: SignedRelease | null;
  readonly plan: Plan;
}

/** Plans settings against their last signed release. */
export async function planSettings(
  context: DeviceContext,
  fleet: Fleet,
  settings: Settings,
  online: boolean,
): Promise<Result<PlannedSettings>> {
  const { appId, node, body } = settings;
  const base = online
    ? await readBase(fleet, context.clock, appId, node.nodeId)
    : await readLocalBase(fleet, appId, node.nodeId);
  if (!base.ok) return base;
  return ok({
    ...settings,
    base: base.value,
    plan: planRelease({ previous: base.value?.granted ?? null, next: body }),
  });
}

/** The draft of planned settings. */
export function draftSettings({ verb, appId, node, body, ownerCopies, base, plan }: PlannedSettings): ChangeDraft {
  return draftChange({ verb, appId, node: node.nodeId, base, body, plan, ownerCopies });
}

/** Whether the node runs the release that the settings were planned against. */
export async function settingsRun(fleet: Fleet, { appId, base }: PlannedSettings): Promise<boolean> {
  const shown = await fleet.client.call('showApp', { params: { id: appId } });
  return shown.ok && shown.value.observed?.running?.header === base?.header;
}
