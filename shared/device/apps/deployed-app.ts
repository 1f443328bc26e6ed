import type { AppBody, AppView, ReleaseBody } from '#shared/domain/apps/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { Replica } from '#shared/replica/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import { readBase, readBody, readChain, readLocalBase } from '../releases/release-chain.ts';
import { findApp } from './find-app.ts';

/** An app with its last good signed release, ready for an order that changes nothing but its state. */
export interface DeployedApp {
  readonly view: AppView;
  readonly body: AppBody;
}

/** Finds an app that was deployed before, by name or id; without the core by what this device knows. */
export async function findDeployedApp(
  context: DeviceContext,
  fleet: Fleet,
  replica: Replica,
  wanted: string,
  online: boolean,
): Promise<Result<DeployedApp>> {
  const view = findApp(replica, wanted);
  if (!view.ok) return view;
  const { appId, node } = view.value;
  const body = online ? await readGoodBody(context, fleet, appId, node) : await readLocalBody(fleet, appId, node);
  if (!body.ok) return body;
  if (body.value?.kind !== 'app') return err(neverDeployed(view.value.name));
  return ok({ view: view.value, body: body.value });
}

async function readLocalBody(
  fleet: Fleet,
  appId: string,
  node: string | null,
): Promise<Result<ReleaseBody | undefined>> {
  const base = node === null ? ok(null) : await readLocalBase(fleet, appId, node);
  return base.ok ? ok(base.value?.body) : base;
}

/**
 * What the node runs, where that is a signed release, else the last one: a release that failed and gave way must not
 * come back by a stop and a start.
 */
async function readGoodBody(
  context: DeviceContext,
  fleet: Fleet,
  appId: string,
  node: string | null,
): Promise<Result<ReleaseBody | undefined>> {
  if (node === null) return ok(undefined);
  const base = await readBase(fleet, context.clock, appId, node);
  if (!base.ok) return base;
  const shown = await fleet.client.call('showApp', { params: { id: appId } });
  const running = shown.ok ? shown.value.observed?.running?.header : undefined;
  if (running === undefined || running === base.value?.header) return ok(base.value?.body);
  const chain = await readChain(fleet, appId, node);
  if (!chain.ok) return chain;
  const link = chain.value.find(({ opened }) => opened.itemHash === running);
  if (!link) return ok(base.value?.body);
  const body = await readBody(fleet, link);
  return body.ok ? ok(body.value.body) : body;
}

function neverDeployed(name: string) {
  return fault(
    'app.never-deployed',
    'permanent',
    `${name} was never deployed`,
    `Run \`overseer apps deploy ${name}\` first.`,
  );
}
