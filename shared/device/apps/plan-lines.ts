import { type AppView, type ChangedLines, planRelease, withImage, withLines } from '#shared/domain/apps/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { Replica } from '#shared/replica/index.ts';
import { findNode } from '../fleet/find-node.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import { readBase } from '../releases/release-chain.ts';
import { appDocument } from './find-app.ts';
import type { PlannedApp } from './plan-body.ts';
import { writeItem } from './write-item.ts';

/**
 * Plans the last signed release with these lines and nothing else: what waits unsigned in desired state stays out of it.
 * That is all that automation signs, and what a node compares it with (REL-17).
 */
export async function planLines(
  context: DeviceContext,
  fleet: Fleet,
  view: AppView,
  lines: ChangedLines,
): Promise<Result<PlannedApp>> {
  const node = findNode(fleet.trust(), view.node ?? undefined);
  if (!node.ok) return node;
  const base = await readBase(fleet, context.clock, view.appId, node.value.nodeId);
  if (!base.ok) return base;
  const before = base.value?.body;
  if (base.value === null || before?.kind !== 'app') return err(neverDeployed(view.name));
  if (before.state !== 'running') return err(notRunning(view.name, before.state));
  const body = withLines(before, lines);
  if (!body.ok) return body;
  const plan = planRelease({ previous: base.value.granted, next: body.value });
  return ok({ view, node: node.value, body: body.value, base: base.value, plan });
}

/** Lets desired state follow lines that were signed; an image that is not written plainly there stays as it is. */
export async function writeLines(replica: Replica, view: AppView, lines: ChangedLines): Promise<Result<void>> {
  let { compose } = view;
  for (const [service, ref] of lines.images) {
    const changed = withImage(compose, service, ref);
    if (changed.ok) compose = changed.value;
  }
  return replica.edit(appDocument(view.appId), (editor) => {
    if (compose !== view.compose) editor.setText('compose', compose);
    for (const [key, value] of lines.env)
      writeItem(editor, 'env', view.env.find((item) => item.key === key)?.id ?? null, { key, value });
  });
}

function neverDeployed(name: string) {
  return fault(
    'app.never-deployed',
    'permanent',
    `${name} was never deployed, so there is nothing to put lines on`,
    `Deploy it first from an owner's device: \`overseer apps deploy ${name}\`.`,
  );
}

function notRunning(name: string, state: string) {
  return fault(
    'app.not-running',
    'conflict',
    `${name} is ${state}, and a new image or variable does not put it up`,
    state === 'stopped' ? `Start it first: \`overseer apps start ${name}\`.` : "Deploy it anew on an owner's device.",
  );
}
